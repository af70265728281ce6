import type { ByteStringIndex } from './byte-string-index.ts';
import { ByteStringIndex as Index } from './byte-string-index.ts';
import type { PackedStrings } from './packed-strings.ts';
import type { PreTokenizer } from './pre-tokenizers.ts';
import { SymbolMerger } from './symbol-merger.ts';
import { WordCache } from './word-cache.ts';
import { wordEnds } from './word-splitter.ts';

/** Turns a stretch of text without added tokens into ids. */
export interface TextEncoderToIds {
  /** Appends the ids of `text` (well-formed) to `ids`. `afterSpecial`: nothing, or a token found by its text, is in front. */
  encode(text: string, afterSpecial: boolean, ids: number[]): void;
}

/** Byte-pair encoding as llama.cpp does it, over GPT-2's byte alphabet or over plain UTF-8. */
export class BpeEncoder implements TextEncoderToIds {
  readonly #tokens: ByteStringIndex;
  readonly #pre: PreTokenizer;
  readonly #merger: SymbolMerger;
  readonly #words = new WordCache((word, ids) => this.#encodeWord(word, ids));
  readonly #utf8 = new TextEncoder();
  #plain = new Uint8Array(256);
  #word = new Uint8Array(512);

  constructor(tokens: ByteStringIndex, merges: PackedStrings, pre: PreTokenizer) {
    this.#tokens = tokens;
    this.#pre = pre;
    // A merge that is listed twice has the rank of its first place.
    const ranks = new Index(merges, () => {});
    this.#merger = new SymbolMerger((bytes, left, middle, end) => {
      const rank = ranks.findPair(bytes, left, middle, end);
      return rank < 0 ? Number.NaN : rank;
    });
  }

  encode(text: string, _afterSpecial: boolean, ids: number[]): void {
    const whole = this.#pre.plainText ? text.replaceAll(' ', '\u2581') : text;
    let start = 0;
    for (const end of wordEnds(whole, this.#pre.rules)) {
      this.#words.encode(whole.slice(start, end), ids);
      start = end;
    }
  }

  #encodeWord(text: string, ids: number[]): void {
    const end = this.#load(text);
    const word = this.#word;
    if (this.#pre.ignoreMerges || (this.#pre.wholeBreaks && text.startsWith('\n'))) {
      const id = this.#tokens.find(word, 0, end);
      if (id >= 0) {
        ids.push(id);
        return;
      }
    }
    this.#merger.merge(word, end, (from, to) => {
      const id = this.#tokens.find(word, from, to);
      if (id >= 0) ids.push(id);
      else for (let at = from; at < to; at += 1) this.#pushByte(word, at, ids);
    });
  }

  /** What is no token is encoded byte by byte; a byte without a token is dropped, as in llama.cpp. */
  #pushByte(word: Uint8Array, at: number, ids: number[]): void {
    let id = -1;
    if (this.#pre.plainText) {
      const name = byteName(word[at] ?? 0);
      id = this.#tokens.find(name, 0, name.length);
    } else {
      id = this.#tokens.find(word, at, at + 1);
    }
    if (id >= 0) ids.push(id);
  }

  /** Puts a word into the buffer in the alphabet of the vocabulary, and returns its length there. */
  #load(text: string): number {
    const needed = text.length * 3;
    if (needed > this.#plain.length) {
      this.#plain = new Uint8Array(needed * 2);
      this.#word = new Uint8Array(needed * 4);
    }
    const target = this.#pre.plainText ? this.#word : this.#plain;
    const { written } = this.#utf8.encodeInto(text, target);
    if (this.#pre.plainText) return written;
    let end = 0;
    for (let at = 0; at < written; at += 1) {
      const letter = BYTE_LETTERS[this.#plain[at] ?? 0] ?? 0;
      if (letter < 0x80) {
        this.#word[end] = letter;
        end += 1;
      } else {
        this.#word[end] = 0xc0 | (letter >> 6);
        this.#word[end + 1] = 0x80 | (letter & 0x3f);
        end += 2;
      }
    }
    return end;
  }
}

/** GPT-2's alphabet: printable bytes of Latin-1 stand for themselves, the others for U+0100 on, in order. */
export const BYTE_LETTERS: Uint16Array = (() => {
  const letters = new Uint16Array(256);
  let next = 0x100;
  for (let byte = 0; byte < 256; byte += 1) {
    const printable = (byte > 0x20 && byte < 0x7f) || (byte > 0xa0 && byte !== 0xad);
    letters[byte] = printable ? byte : next;
    if (!printable) next += 1;
  }
  return letters;
})();

/** The token that stands for one byte in vocabularies of plain text, such as `<0x0A>`. */
export function byteName(byte: number): Uint8Array {
  return new TextEncoder().encode(`<0x${byte.toString(16).toUpperCase().padStart(2, '0')}>`);
}
