/** Whether the server under test still answers, and of which case it died. */
import type { Api, Mode } from '../model/api.ts';
import type { Exchange, Reply } from '../model/exchange.ts';
import type { JsonObject } from '../model/json.ts';
import { errorInBand, isAnswer, outcomeOf, statusOf } from '../model/outcome.ts';
import type { Halt } from '../model/report.ts';
import type { RunOptions } from './options.ts';

/** Requests left unanswered in a row, after which a server is given up. */
const MOST_SILENCES = 2;

/** A request that was answered. */
export interface Plain {
  readonly api: Api;
  readonly mode: Mode;
  readonly body: JsonObject;
}

/** The session with the server. */
interface Probed {
  readonly halt: Halt | null;
  readonly model: string | null;
  readonly options: Pick<RunOptions, 'revive'>;
  sendFresh(plain: Plain): Promise<Exchange>;
  pause(ms: number): Promise<void>;
  note(text: string): void;
  stop(halt: Halt): void;
}

export class Liveness {
  readonly #session: Probed;
  #death: { readonly caseKey: string; readonly observed: string } | null = null;
  #plain: Plain | null = null;
  /** What followed this case was a server error, and nothing was served since. */
  #unserved: string | null = null;
  #silentSince: string[] = [];

  constructor(session: Probed) {
    this.#session = session;
  }

  /** The case that the server died of, and what was seen. */
  get death() {
    return this.#death;
  }

  /** This plain request was answered: it is sent again to see whether the server lives. One for a whole answer is best. */
  served(plain: Plain): void {
    if (this.#plain === null || (this.#plain.mode === 'stream' && plain.mode === 'nonstream'))
      this.#plain = plain;
  }

  /** Any answer that is no server error, whatever the request. */
  answered(exchange: Exchange): void {
    if (exchange.reply.kind === 'response' && statusOf(exchange) < 500) this.#unserved = null;
  }

  /** A network fault or a server error: does the server still answer? */
  async watch(exchange: Exchange, caseKey: string): Promise<void> {
    if (this.#session.halt === null && isFault(exchange)) await this.#probe(caseKey);
  }

  /** Gives up a server that leaves requests unanswered; where the plain request is not served either, it died. */
  async countSilence({ reply }: Exchange, caseKey: string): Promise<void> {
    if (!isSilent(reply)) {
      if (reply.kind === 'response') this.#silentSince = [];
      return;
    }
    this.#silentSince.push(caseKey);
    const [first] = this.#silentSince;
    if (this.#silentSince.length < MOST_SILENCES || first === undefined || this.#session.halt !== null)
      return;
    await this.#probe(first);
    this.#session.stop({
      kind: 'given-up',
      message: `${MOST_SILENCES} requests in a row were left unanswered`,
    });
  }

  /** What was left unanswered is not served at all: it says nothing about the server's life. */
  forgive(): void {
    this.#silentSince = [];
  }

  /** The plain request was not served after a case whose own check says so: nothing more is sent where nobody answers. */
  notServed(exchange: Exchange, caseKey: string): void {
    const { reply } = exchange;
    const gone = reply.kind !== 'response' ? reply.kind !== 'unsent' : reply.body.ending.kind === 'stopped';
    if (gone) this.#lose(caseKey);
    else if (statusOf(exchange) >= 500) this.#unserved = caseKey;
  }

  /** Sends the plain request, at most twice; where it is not served any more the server died of the case. */
  async #probe(caseKey: string): Promise<void> {
    const plain = this.#plain;
    if (plain === null) return;
    let last: Exchange | null = null;
    for (const pause of [100, 1000]) {
      await this.#session.pause(pause);
      last = await this.#session.sendFresh(plain);
      const outcome = outcomeOf(last, plain.api, plain.mode, this.#session.model);
      if (isAnswer(outcome) || outcome.kind === 'refused') return;
      if (last.reply.kind === 'unsent' || statusOf(last) === 429) return;
    }
    if (this.#unserved !== null) return this.#lose(this.#unserved);
    const observed = `the plain request is no longer served (${last === null ? '' : describe(last)})`;
    const revived = await this.#session.options.revive?.();
    const how = revived === undefined ? observed : `${revived.how}; ${observed}`;
    this.#death ??= { caseKey, observed: how };
    if (revived?.alive)
      this.#session.note(`the server died at ${caseKey} (${revived.how}) and was restarted`);
    else this.#session.stop({ kind: 'died', message: `the server died at ${caseKey}`, case: caseKey });
  }

  #lose(caseKey: string): void {
    const message = `the server no longer answers since ${caseKey}`;
    this.#session.stop({ kind: 'lost', message, case: caseKey });
  }
}

/** It was left unanswered, or its body did not come to an end. */
export function isSilent(reply: Reply): boolean {
  return reply.kind === 'silent' || (reply.kind === 'response' && reply.body.ending.kind === 'stopped');
}

function isFault(exchange: Exchange): boolean {
  const { reply } = exchange;
  if (reply.kind === 'unreachable' || reply.kind === 'dropped') return true;
  return reply.kind === 'response' && (statusOf(exchange) >= 500 || reply.body.ending.kind === 'cut');
}

/** What became of a request, in a few words. */
export function describe(exchange: Exchange): string {
  const { reply } = exchange;
  if (reply.kind !== 'response') return reply.message;
  const { ending } = reply.body;
  if (ending.kind === 'stopped') return `HTTP ${reply.status}, ${ending.message}`;
  const error = errorInBand(exchange);
  return error === null
    ? `HTTP ${reply.status}`
    : `HTTP ${reply.status} with an error in it: ${error.message}`;
}
