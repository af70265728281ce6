/** Counting what a server left uncounted. */
import { placeOf } from '../apis/index.ts';
import { type JsonObject, parseJson } from '../model/json.ts';
import type { ChunkTokens, CountedProduct } from '../products/product.ts';
import { localPrompt } from '../references/local.ts';
import type { Tokenizer } from '../tokenizer/index.ts';
import type { Watched } from '../watch/watched.ts';
import type { Ask, OwnRequest } from './ask.ts';
import { Calibration } from './calibration.ts';
import { type Bounds, boundsOf, isProven } from './certificate.ts';
import { type ObservedApi, pathOf } from './route.ts';
import { type Counts, countsIn, promptAlone } from './server-count.ts';
import { VERSION } from './target.ts';

export interface RepairOptions {
  /** What is known of the product behind, by now; null: nothing, so that nothing is exact. */
  readonly behind: { readonly product: CountedProduct | null };
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
  readonly #calibration: Calibration;

  constructor(options: RepairOptions) {
    this.#options = options;
    this.#calibration = new Calibration(options.ask);
  }

  /** Texts of answers are wanted, to be counted by a tokenizer of the user or of the server. */
  get keepsText(): boolean {
    return this.#options.allowEstimates;
  }

  /**
   * Counts an answer that is whole, once its stream is over. Never throws.
   * @returns null where nothing may be said of it
   */
  async count(answer: Uncounted, signal: AbortSignal): Promise<Repaired | null> {
    const { behind, allowEstimates } = this.#options;
    const { api, json, watched } = answer;
    const known = behind.product?.proxied?.chunkTokens;
    const bounds = known === undefined ? null : boundsOf(watched, api.readRequest(json), api, known);
    if (known !== undefined && bounds !== null && (isProven(bounds) || allowEstimates)) {
      const prompt = await this.#promptByServer(answer, signal);
      if (prompt !== null && isProven(bounds) && (await this.#isCalibrated(answer, known, signal)))
        return { prompt, completion: bounds.least, exact: true };
      if (prompt !== null && allowEstimates)
        return { prompt, completion: await this.#likely(answer, bounds, signal), exact: false };
    }
    return allowEstimates && watched.countable ? this.#byTokenizer(answer) : null;
  }

  /** Nearly always a chunk is a token even where that is not proven; what a stop string hid is counted as text. */
  async #likely(
    answer: Uncounted,
    { least, most, isTextAlone, stops }: Bounds,
    signal: AbortSignal,
  ): Promise<number> {
    const [stop, ...others] = stops;
    const [text = ''] = answer.watched.texts ?? [];
    if (stop === undefined || others.length > 0 || !isTextAlone) return least;
    const before = await this.#tokensOf(text, answer, signal);
    const behind = await this.#tokensOf(text + stop, answer, signal);
    if (before === null || behind === null) return least;
    return Math.min(most, Math.max(least, least + behind - before));
  }

  /** By the tokenizer of the user, else by an endpoint of the server. */
  async #tokensOf(text: string, { request, json }: Uncounted, signal: AbortSignal): Promise<number | null> {
    const { tokenizer, behind, ask } = this.#options;
    try {
      if (tokenizer !== null) return tokenizer.count(text);
      const root = rootOf(request.url);
      const post = async (path: string, body: JsonObject): Promise<unknown> => {
        const sent = { ...request, url: root + path, body: Buffer.from(JSON.stringify(body)) };
        const { status, bytes } = await ask(sent, signal);
        return status === 200 ? parseJson(bytes.toString('utf8')) : undefined;
      };
      const model = typeof json.model === 'string' ? json.model : null;
      const counted = await behind.product?.endpoints?.count(
        { kind: 'text', text, body: {}, hiddenBy: null },
        { model, post },
      );
      return counted?.[0]?.count ?? null;
    } catch {
      return null;
    }
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

  #isCalibrated(
    { api, request, json }: Uncounted,
    tokens: ChunkTokens,
    signal: AbortSignal,
  ): Promise<boolean> {
    return this.#calibration.holds({ api, request, model: json.model, tokens }, signal);
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

/** What stands before the endpoint, without a version: there a product has its own endpoints. */
function rootOf(url: string): string {
  const path = pathOf(url);
  return path.slice(0, placeOf(path)?.start).replace(VERSION, '');
}
