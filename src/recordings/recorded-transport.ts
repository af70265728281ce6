/** Answers requests out of a recording: no network, no waiting, and the same fold over the same bytes. */
import type { Ending, Reply } from '../model/exchange.ts';
import { DEFAULT_LIMITS } from '../wire/limits.ts';
import { redactor, redactUrl, secretsOfHeaders, secretsOfUrl } from '../wire/redact.ts';
import { ResponseReader } from '../wire/response.ts';
import { exchangeOf, isStreamAsked, mergedHeaders, type Transport, type WireOptions } from '../wire/send.ts';
import { Answers } from './answers.ts';
import type { RecordedReply } from './recorded.ts';
import { bytesOf, type Recording } from './recording.ts';

/** @param onEnd called where the recorded run was interrupted */
export function recordedTransport({ head, exchanges }: Recording, onEnd: () => void): Transport {
  const partial = head.complete === false;
  const answers = new Answers(exchanges);
  let left = exchanges.length;
  return {
    live: false,
    open: (options: WireOptions) => ({
      async send(request, how) {
        const headers = mergedHeaders(request, options.baseHeaders, how.headers);
        const redact = redactor([
          ...secretsOfHeaders(headers),
          ...secretsOfUrl(request.url),
          ...(options.secrets ?? []),
        ]);
        const { origin } = new URL(request.url);
        const path = redactUrl(request.url).slice(origin.length);
        const found = answers.take({ method: request.method, path, body: request.body });
        left -= 1;
        const reply =
          found === undefined
            ? notThere(partial)
            : await replyOf(found.reply, {
                api: how.api,
                request: request.body,
                limits: { ...DEFAULT_LIMITS, ...how.limits },
                redact,
                streamAsked: isStreamAsked(request, how),
                tap: undefined,
                leaveAfterFirstDelta: how.leaveAfterFirstDelta ?? false,
              });
        const isWithheld = found?.reply.withheld !== undefined;
        if (partial && (left === 0 || (reply.kind === 'unsent' && !isWithheld))) onEnd();
        return exchangeOf(request, reply, headers, redact);
      },
      close: () => Promise.resolve(),
    }),
  };
}

function notThere(partial: boolean): Reply {
  const message = partial ? 'interrupted' : 'this request is not in the recording';
  return { kind: 'unsent', message };
}

type Reading = ConstructorParameters<typeof ResponseReader>[2];

async function replyOf(reply: RecordedReply, reading: Reading): Promise<Reply> {
  if (reply.withheld !== undefined)
    return { kind: 'unsent', message: `what was answered is not in the recording: ${reply.withheld}` };
  const message = reply.message ?? 'not recorded';
  if (reply.end === 'silent') return { kind: 'silent', waitedMs: reply.endMs, message };
  if (reply.end === 'unreachable' || reply.end === 'unsent') return { kind: reply.end, message };
  if (reply.end === 'dropped' || reply.status === undefined) return { kind: 'dropped', message };
  return await responseOf(reply, reply.status, reading);
}

/** Feeds a reader what came, when it came. */
function responseOf(reply: RecordedReply, status: number, reading: Reading): Promise<Reply> {
  return new Promise((resolve, reject) => {
    let now = reply.headMs ?? 0;
    let stoppedBy: Ending | null = null;
    const reader = new ResponseReader(status, reply.headers ?? {}, reading, {
      elapsed: () => now,
      pause: () => {},
      resume: () => {},
      stop: (ending) => {
        stoppedBy ??= ending;
      },
      fail: reject,
    });
    const recorded = endingOf(reply);
    // What a decompressor holds comes out only after a clean end; how it ended is known.
    const compressed = reply.headers?.['content-encoding'] !== undefined;
    const drained = recorded.kind === 'stopped' || recorded.kind === 'left';
    const feed = async () => {
      for (const piece of reply.pieces) {
        if (stoppedBy !== null) break;
        now = piece[0];
        reader.push(bytesOf(piece));
        // The reader handles a piece in a microtask.
        await Promise.resolve();
      }
      const ending: Ending = compressed && drained ? { kind: 'clean' } : (stoppedBy ?? recorded);
      reader.finish(ending, reply.endMs, (read) =>
        resolve(withEnding(read, compressed && drained, recorded)),
      );
    };
    feed().catch(reject);
  });
}

function withEnding(reply: Reply, known: boolean, ending: Ending): Reply {
  return known && reply.kind === 'response' ? { ...reply, body: { ...reply.body, ending } } : reply;
}

function endingOf({ end, message, why }: RecordedReply): Ending {
  switch (end) {
    case 'cut':
      return { kind: 'cut', message: message ?? 'the connection broke off' };
    case 'stopped':
      return { kind: 'stopped', why: why ?? 'timeout', message: message ?? 'stopped by lastchunk' };
    case 'left':
      return { kind: 'left' };
    default:
      return { kind: 'clean' };
  }
}
