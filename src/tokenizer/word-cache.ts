const MOST_WORDS = 1 << 16;
const LONGEST_WORD = 64;

/** Words repeat: most of a text is answered from here. */
export class WordCache {
  readonly #known = new Map<string, readonly number[]>();
  readonly #encode: (word: string, ids: number[]) => void;

  /** @param encode appends the ids of a word */
  constructor(encode: (word: string, ids: number[]) => void) {
    this.#encode = encode;
  }

  /** Appends the ids of a word. */
  encode(word: string, ids: number[]): void {
    const known = this.#known.get(word);
    if (known) {
      for (const id of known) ids.push(id);
      return;
    }
    const first = ids.length;
    this.#encode(word, ids);
    if (word.length > LONGEST_WORD) return;
    if (this.#known.size >= MOST_WORDS) this.#known.clear();
    this.#known.set(word, ids.slice(first));
  }
}
