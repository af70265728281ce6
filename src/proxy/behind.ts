/** Which product is behind: as the user says, else as the server itself says it. */
import { parseJson } from '../model/json.ts';
import { countableAt } from '../products/index.ts';
import type { CountedProduct, Looked } from '../products/product.ts';
import type { Ask } from './ask.ts';

/** Its clients wait for so long at the most. */
export const LOOK_MS = 3_000;
export const MOST_LOOK_BYTES = 1024 * 1024;
/** Looks that got no answer. */
const MOST_LOOKS = 5;
const PAUSE_MS = 10_000;
/** Nobody was there to be asked, which takes no time: the request itself will fare no better. */
const ABSENT: ReadonlySet<unknown> = new Set(['ECONNREFUSED', 'ENOTFOUND']);

interface Look {
  readonly product: CountedProduct | null;
  /** no: it did not say; absent: nobody was there. */
  readonly answered: 'yes' | 'no' | 'absent';
}

export class Behind {
  readonly #ask: Ask;
  readonly #now: () => number;
  readonly #onSettled: (product: CountedProduct | null) => void;
  #product: CountedProduct | null;
  #isSettled: boolean;
  #looking: Promise<void> | null = null;
  #looksLeft = MOST_LOOKS;
  #notBefore = Number.NEGATIVE_INFINITY;

  /**
   * @param product as the user says; null: it is looked for
   * @param ask paths are below the server's root
   * @param onSettled once, where it is looked for and no more looks follow
   * @param now milliseconds
   */
  constructor(
    product: CountedProduct | null,
    ask: Ask,
    onSettled: (product: CountedProduct | null) => void,
    now: () => number = () => performance.now(),
  ) {
    this.#product = product;
    this.#isSettled = product !== null;
    this.#ask = ask;
    this.#onSettled = onSettled;
    this.#now = now;
  }

  /** null: not known, or none whose streams can be counted. */
  get product(): CountedProduct | null {
    return this.#product;
  }

  /** Asks the server, where that is still to be found out and may be asked. Who comes meanwhile waits for the same answer. Never throws. */
  async settle(): Promise<void> {
    if (this.#isSettled || (this.#looking === null && this.#now() < this.#notBefore)) return;
    this.#looking ??= this.#settle().finally(() => {
      this.#looking = null;
    });
    await this.#looking;
  }

  async #settle(): Promise<void> {
    const { product, answered } = await this.#look();
    if (answered === 'absent') return;
    this.#product = product;
    this.#looksLeft -= 1;
    this.#notBefore = this.#now() + PAUSE_MS;
    this.#isSettled = answered === 'yes' || this.#looksLeft === 0;
    if (this.#isSettled) this.#onSettled(product);
  }

  async #look(): Promise<Look> {
    let answered: Look['answered'] = 'yes';
    const look = async (url: string): Promise<Looked | null> => {
      try {
        const request = { method: 'GET', url, headers: [], body: Buffer.alloc(0) };
        const { status, bytes } = await this.#ask(request, AbortSignal.timeout(LOOK_MS));
        if (status >= 400 && status !== 404) answered = 'no';
        const text = bytes.toString('utf8');
        return { status, headers: {}, json: parseJson(text), text };
      } catch (error) {
        answered = error instanceof Error && 'code' in error && ABSENT.has(error.code) ? 'absent' : 'no';
        return null;
      }
    };
    const product = await countableAt(look).catch(() => null);
    return { product, answered };
  }
}
