/** Counting what a server left uncounted. */
import type { JsonObject } from '../model/json.ts';
import type { ProxiedProduct } from '../products/product.ts';
import { localPrompt } from '../references/local.ts';
import type { Tokenizer } from '../tokenizer/index.ts';
import type { Watched } from '../watch/watched.ts';
import type { Ask, OwnRequest } from './ask.ts';
import { Calibration } from './calibration.ts';
import { boundsOf } from './certificate.ts';
import type { ObservedApi } from './route.ts';
import { type Counts, countsIn, promptAlone } from './server-count.ts';

export interface RepairOptions {
  /** What is known of the product behind; null: nothing, so that nothing is exact. */
  readonly product: ProxiedProduct | null;
  readonly allowEstimates: boolean;
  readonly tokenizer: Tokenizer | null;
  readonly ask: Ask;
}

export interface Repaired extends Counts {
  readonly exact: boolean;
}

/** An answer to be counted. */
export interface Uncounted {
  readonly api: ObservedApi;
  readonly request: OwnRequest;
  readonly json: JsonObject;
  readonly watched: Watched;
}

export class Repair {
  readonly #options: RepairOptions;
  readonly #calibration: Calibration | null;

  constructor(options: RepairOptions) {
    this.#options = options;
    const { product, ask } = options;
    this.#calibration = product === null ? null : new Calibration(product.chunkTokens, ask);
  }

  /** Texts of answers are wanted, to be counted by a tokenizer. */
  get keepsText(): boolean {
    return this.#options.tokenizer !== null;
  }

  /**
   * Counts an answer that is whole, once its stream is over. Never throws.
   * @returns null where nothing may be said of it
   */
  async count(answer: Uncounted, signal: AbortSignal): Promise<Repaired | null> {
    const { product, allowEstimates } = this.#options;
    const { api, json, watched } = answer;
    if (!watched.countable) return null;
    const bounds =
      product === null ? null : boundsOf(watched, api.readRequest(json), api, product.chunkTokens);
    if (bounds !== null && (bounds.least === bounds.most || allowEstimates)) {
      const prompt = await this.#promptByServer(answer, signal);
      const isProven =
        bounds.least === bounds.most && prompt !== null && (await this.#isCalibrated(answer, signal));
      if (isProven) return { prompt, completion: bounds.least, exact: true };
      if (prompt !== null && allowEstimates) {
        // Nearly always a chunk is a token even where that is not proven.
        const completion = this.#completionByTokenizer(watched) ?? bounds.least;
        return { prompt, completion: within(completion, bounds.least, bounds.most), exact: false };
      }
    }
    return allowEstimates ? this.#byTokenizer(answer) : null;
  }

  /** After the stream the prompt is still in the server's cache, and costs next to nothing. */
  async #promptByServer({ api, request }: Uncounted, signal: AbortSignal): Promise<number | null> {
    const body = promptAlone(api, request.body);
    if (body === null) return null;
    try {
      return countsIn(api, await this.#options.ask({ ...request, body }, signal))?.prompt ?? null;
    } catch {
      return null;
    }
  }

  async #isCalibrated({ api, request, json }: Uncounted, signal: AbortSignal): Promise<boolean> {
    const place = { api, request, model: json.model };
    return this.#calibration !== null && (await this.#calibration.holds(place, signal));
  }

  #byTokenizer({ api, json, watched }: Uncounted): Repaired | null {
    const { tokenizer } = this.#options;
    const prompt = api.readRequest(json).prompt;
    if (tokenizer === null || prompt === null) return null;
    const counted = localPrompt(tokenizer, prompt, { rendered: null });
    const completion = this.#completionByTokenizer(watched);
    if (counted === null || completion === null) return null;
    return { prompt: counted.count, completion, exact: false };
  }

  #completionByTokenizer({ texts }: Watched): number | null {
    const { tokenizer } = this.#options;
    if (tokenizer === null || texts === null) return null;
    try {
      return texts.reduce((sum, text) => sum + tokenizer.count(text), 0);
    } catch {
      return null;
    }
  }
}

const within = (value: number, least: number, most: number): number => Math.min(most, Math.max(least, value));
