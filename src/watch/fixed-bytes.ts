const WORD = 4;

/** Bytes that are looked for again and again at a known place: they are compared four at a time. */
export class FixedBytes {
  readonly length: number;
  readonly #words: Int32Array;
  /** What is left behind the last word. */
  readonly #rest: Uint8Array;

  constructor(text: string) {
    const bytes = new TextEncoder().encode(text);
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    this.length = bytes.length;
    this.#words = Int32Array.from({ length: Math.floor(bytes.length / WORD) }, (_, at) =>
      view.getInt32(at * WORD, true),
    );
    this.#rest = bytes.subarray(this.#words.length * WORD);
  }

  /** Whether they stand at this place, behind which so many bytes have to be. */
  standAt(place: number, data: DataView): boolean {
    const words = this.#words;
    const rest = this.#rest;
    let at = place;
    for (let word = 0; word < words.length; word += 1, at += WORD)
      if (data.getInt32(at, true) !== words[word]) return false;
    for (let left = 0; left < rest.length; left += 1)
      if (data.getUint8(at + left) !== rest[left]) return false;
    return true;
  }
}
