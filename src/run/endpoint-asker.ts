/** Bounded POSTs to optional endpoints at the end of a run. Their answers are no findings about the server. */
import type { JsonObject } from '../model/json.ts';
import type { Asker } from '../products/product.ts';
import { productRoots } from '../wire/url.ts';
import type { Session } from './session.ts';

/** ms for one answer, and for all of them together. */
const ONE_ANSWER = 5000;
const ALL_ANSWERS = 60_000;
const FAULTS = 2;
/** Bytes of one answer, and characters of one that is remembered: a run asks hundreds of times. */
const ANSWER_BYTES = 1024 * 1024;
const REMEMBERED_CHARS = 16 * 1024;

export interface BoundedAsker extends Asker {
  /** A request was left unanswered: what the server does from now on may be caused by it. */
  disturbed(): boolean;
}

/** Sends past the session: a 401 or a silence here must not halt the run. */
export function askerFor({ wire, server, model, options }: Session): BoundedAsker {
  const absent = new Set<string>();
  const answers = new Map<string, Promise<unknown>>();
  const until = performance.now() + ALL_ANSWERS;
  const [root = ''] = productRoots(server);
  let faults = 0;

  async function send(path: string, body: JsonObject): Promise<unknown> {
    if (absent.has(path) || faults >= FAULTS || options.signal.aborted || performance.now() > until)
      return undefined;
    const wait = Math.min(ONE_ANSWER, options.timeoutMs);
    const { reply } = await wire.send(
      { method: 'POST', url: `${root}${path}${server.query}`, body },
      {
        api: null,
        signal: options.signal,
        limits: { firstByteMs: wait, idleMs: wait, totalMs: 2 * wait, bodyBytes: ANSWER_BYTES },
      },
    );
    if (reply.kind !== 'response' || reply.body.ending.kind !== 'clean') {
      faults += 1;
      return undefined;
    }
    if (reply.status === 200 && reply.body.kind === 'json') return reply.body.value;
    // What is missing, forbidden or broken once is so for all prompts; a 400 may be about this prompt alone.
    if (reply.status !== 400 && reply.status !== 422) absent.add(path);
    return undefined;
  }

  /** An answer that is too big to be remembered is requested each time. */
  async function sendOnce(key: string, path: string, body: JsonObject): Promise<unknown> {
    const value = await send(path, body);
    if (value !== undefined && JSON.stringify(value).length > REMEMBERED_CHARS) answers.delete(key);
    return value;
  }

  return {
    model,
    disturbed: () => faults > 0,
    post(path, body) {
      const key = `${path} ${JSON.stringify(body)}`;
      const answer = answers.get(key) ?? sendOnce(key, path, body);
      answers.set(key, answer);
      return answer;
    },
  };
}
