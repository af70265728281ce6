/** Whether this server, in this run, does what its product's file says: a chunk is a token, and prompts are counted alike. */
import type { ChunkTokens } from '../products/product.ts';
import { BodyWatch } from '../watch/body-watch.ts';
import type { Ask, OwnRequest } from './ask.ts';
import { boundsOf, isProven } from './certificate.ts';
import type { ObservedApi } from './route.ts';
import { countsIn } from './server-count.ts';

const SEED = 20_261_126;
/** Two limits that an answer is forced to end at. */
const LIMITS = [4, 7] as const;
/** An answer to the first may end by itself, or have characters of several bytes. */
const PROMPTS: readonly string[] = [
  'Once upon a time, there was a little',
  'Count to a hundred: 1 2 3 4',
  'a b c d e f',
];
/** It is tried again with later requests, and not for ever. */
const MOST_TRIES = 3;
const MOST_PLACES = 1_000;
/** A client waits for it with its answer. */
const MOST_MS = 30_000;

export interface CalibrationPlace {
  readonly api: ObservedApi;
  readonly request: Omit<OwnRequest, 'body'>;
  readonly model: unknown;
  /** What is to hold. */
  readonly tokens: ChunkTokens;
}

export class Calibration {
  readonly #ask: Ask;
  readonly #tries = new Map<string, number>();
  readonly #held = new Set<string>();

  constructor(ask: Ask) {
    this.#ask = ask;
  }

  /** Asks the server where it was not asked before. Never throws; false where it does not hold, or nobody waits any more. */
  async holds(place: CalibrationPlace, signal: AbortSignal): Promise<boolean> {
    const key = `${place.request.url.slice(0, 256)}\n${String(place.model).slice(0, 256)}`;
    if (this.#held.has(key)) return true;
    const tries = this.#tries.get(key) ?? 0;
    if (tries >= MOST_TRIES || this.#tries.size >= MOST_PLACES) return false;
    const bounded = AbortSignal.any([signal, AbortSignal.timeout(MOST_MS)]);
    const agrees = await this.#agrees(place, bounded).catch(() => false);
    if (signal.aborted) return false;
    this.#tries.set(key, tries + 1);
    if (agrees) this.#held.add(key);
    return agrees;
  }

  async #agrees(place: CalibrationPlace, signal: AbortSignal): Promise<boolean> {
    for (const prompt of PROMPTS) {
      const agreed = [];
      for (const limit of LIMITS) agreed.push(await this.#limitAgrees(place, prompt, limit, signal));
      if (agreed.includes(false)) return false;
      if (agreed.every((one) => one === true)) return true;
    }
    return false;
  }

  /** null: the answer did not get as far as the limit, or is none that proves anything. */
  async #limitAgrees(
    { api, request, model, tokens }: CalibrationPlace,
    prompt: string,
    limit: number,
    signal: AbortSignal,
  ): Promise<boolean | null> {
    const named = typeof model === 'string' ? { model } : {};
    const streamed = { ...named, ...api.encode({ prompt, limit }, 'stream', 'asked', SEED) };
    const whole = { ...named, ...api.encode({ prompt, limit }, 'nonstream', '-', SEED) };
    const send = (body: object) => this.#ask({ ...request, body: Buffer.from(JSON.stringify(body)) }, signal);
    const watch = new BodyWatch({ api, request: streamed });
    watch.push((await send(streamed)).bytes);
    const watched = watch.end('clean');
    const bounds = boundsOf(watched, api.readRequest(streamed), api, tokens);
    const [finish = ''] = watched.finish;
    if (bounds === null) return false;
    if (api.terms.finishes.get(finish) !== 'limit' || !isProven(bounds)) return null;
    const counted = countsIn(api, await send(whole));
    return counted !== null && counted.completion === limit && bounds.least === limit;
  }
}
