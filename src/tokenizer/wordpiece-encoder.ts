import type { TextEncoderToIds } from './bpe-encoder.ts';
import type { ByteStringIndex } from './byte-string-index.ts';
import { baseCharacter, CATEGORY, categories, isWhiteSpace, lowerCase } from './unicode-categories.ts';

/** How BERT's normalizer is set. */
export interface WordPieceOptions {
  readonly lowerCase: boolean;
  readonly stripAccents: boolean;
  /** Stands for a word that cannot be put together from tokens. */
  readonly unknownId: number | undefined;
}

/** WordPiece as llama.cpp does it: words begin with U+2581 in the vocabulary, and the longest piece wins. */
export class WordPieceEncoder implements TextEncoderToIds {
  readonly #tokens: ByteStringIndex;
  readonly #longestToken: number;
  readonly #options: WordPieceOptions;
  readonly #utf8 = new TextEncoder();

  /** @param longestToken length in bytes of the longest token */
  constructor(tokens: ByteStringIndex, longestToken: number, options: WordPieceOptions) {
    this.#tokens = tokens;
    this.#longestToken = longestToken;
    this.#options = options;
  }

  encode(text: string, _afterSpecial: boolean, ids: number[]): void {
    for (const word of wordsOf(text, this.#options)) {
      const first = ids.length;
      const bytes = this.#utf8.encode(`\u2581${word}`);
      for (let at = 0; at < bytes.length; ) {
        const id = this.#tokens.findLongest(bytes, at, Math.min(bytes.length, at + this.#longestToken + 1));
        if (id < 0) {
          ids.length = first;
          break;
        }
        ids.push(id);
        at += this.#tokens.longestLength;
      }
      if (ids.length === first && this.#options.unknownId !== undefined) ids.push(this.#options.unknownId);
    }
  }
}

/** Words between white space, with punctuation, ASCII symbols and Han characters as words of their own. */
function wordsOf(text: string, options: WordPieceOptions): string[] {
  const table = categories();
  const words: string[] = [];
  let word = '';
  const endWord = (): void => {
    if (word !== '') words.push(word);
    word = '';
  };
  for (const character of text) {
    const given = character.codePointAt(0) ?? 0;
    const point = options.stripAccents ? baseCharacter(given) : given;
    const category = table[point];
    if (isWhiteSpace(point)) {
      endWord();
    } else if (point === 0 || point === 0xfffd || category === CATEGORY.control) {
      // left out
    } else if (options.stripAccents && category === CATEGORY.mark) {
      // left out
    } else {
      const shown = String.fromCodePoint(options.lowerCase ? lowerCase(point) : point);
      const alone =
        category === CATEGORY.punctuation ||
        (point < 0x7f && category === CATEGORY.symbol) ||
        isBertHan(point);
      if (alone) endWord();
      word += shown;
      if (alone) endWord();
    }
  }
  endWord();
  return words;
}

/** The ranges in BERT's tokenizers; the hole at U+2B820 is a slip that all of them share. */
function isBertHan(point: number): boolean {
  return (
    (point >= 0x4e00 && point <= 0x9fff) ||
    (point >= 0x3400 && point <= 0x4dbf) ||
    (point >= 0x20000 && point <= 0x2a6df) ||
    (point >= 0x2a700 && point <= 0x2b81f) ||
    (point >= 0x2b920 && point <= 0x2ceaf) ||
    (point >= 0xf900 && point <= 0xfaff) ||
    (point >= 0x2f800 && point <= 0x2fa1f)
  );
}
