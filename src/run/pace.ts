/** How long a server is waited for, by what it took so far, and how long its rate limits may hold up a run. */
import type { Api, Mode } from '../model/api.ts';
import type { Reply } from '../model/exchange.ts';
import type { JsonObject } from '../model/json.ts';

/** ms to wait for a first byte, at least. */
const LEAST_PATIENCE = 15_000;
/** ms for which rate limits may hold up a run in total. */
const RATE_LIMIT_BUDGET = 30_000;
/** ms between two tries, also where a server asks for a retry at once. */
const LEAST_PAUSE = 1000;
/** How often one request is sent again. */
const MOST_RETRIES = 10;

export class Pace {
  readonly #timeoutMs: number;
  #slowest = 0;
  #rateBudget = RATE_LIMIT_BUDGET;
  /** ms that streams took in all, by the size of what was asked. */
  readonly #took = new Map<string, number>();

  /** @param timeoutMs the most that anything is waited for */
  constructor(timeoutMs: number) {
    this.#timeoutMs = timeoutMs;
  }

  /** ms to wait for a first byte. */
  patience(): number {
    return Math.min(this.#timeoutMs, Math.max(LEAST_PATIENCE, 5 * this.#slowest));
  }

  /** A whole answer has its first byte when all is done: it gets twice what a stream of the same length took. */
  limits(api: Api, mode: Mode, body: JsonObject): { firstByteMs: number; idleMs: number } {
    const twin = mode === 'nonstream' ? (this.#took.get(sizeOf(api, body)) ?? 0) : 0;
    const wait = Math.min(Math.max(this.patience(), 2 * twin), this.#timeoutMs);
    return { firstByteMs: wait, idleMs: wait };
  }

  /** @param ms in which the first byte of a stream came */
  began(ms: number): void {
    this.#slowest = Math.max(this.#slowest, ms);
  }

  /** @param ms that an answer took in all */
  ended(api: Api, mode: Mode, body: JsonObject, ms: number): void {
    if (mode !== 'stream') return;
    const size = sizeOf(api, body);
    this.#took.set(size, Math.max(ms, this.#took.get(size) ?? 0));
  }

  /**
   * Reads nothing but the answer, so that a recording is judged as its run was.
   * @param tries how often the request was sent before
   * @returns ms after which it is sent again; null: no rate limit, or it is not to be sent again
   */
  pauseAfter(reply: Refusal, tries: number): number | null {
    if (reply.status !== 429) return null;
    this.#rateBudget -= reply.totalMs;
    const pause = Math.max(LEAST_PAUSE, retryAfter(reply.headers) ?? LEAST_PAUSE * 2 ** tries);
    if (tries >= MOST_RETRIES || pause > this.#rateBudget) return null;
    this.#rateBudget -= pause;
    return pause;
  }
}

/** What pacing reads of an answer. */
type Refusal = Pick<Extract<Reply, { kind: 'response' }>, 'status' | 'headers' | 'totalMs'>;

/** Requests that take about as long: the same API and limit. Prompts that must be new differ from mode to mode. */
function sizeOf(api: Api, body: JsonObject): string {
  const { limit, answers } = api.readRequest(body);
  return JSON.stringify([api.id, limit?.tokens, answers]);
}

/** ms a server asks to wait: a number of seconds, or a date by its own clock. null where it names neither. */
function retryAfter({ 'retry-after': said, date }: Readonly<Record<string, string>>): number | null {
  if (said === undefined || said.trim() === '') return null;
  const ms = Number.isNaN(Number(said)) ? Date.parse(said) - Date.parse(date ?? '') : Number(said) * 1000;
  return Number.isNaN(ms) ? null : ms;
}
