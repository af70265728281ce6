import { byteName, type TextEncoderToIds } from './bpe-encoder.ts';
import type { ByteStringIndex } from './byte-string-index.ts';
import { SymbolMerger } from './symbol-merger.ts';
import { TokenizerError } from './tokenizer-error.ts';

/**
 * SentencePiece as llama.cpp does it: neighbours are joined as long as the two together are a token, the one with the
 * best score first. (The merges that converters derive from such scores are not always the same thing.)
 */
export class SpmEncoder implements TextEncoderToIds {
  readonly #file: string;
  readonly #tokens: ByteStringIndex;
  readonly #addSpacePrefix: boolean;
  readonly #merger: SymbolMerger;
  readonly #utf8 = new TextEncoder();

  constructor(file: string, tokens: ByteStringIndex, scores: Float64Array, addSpacePrefix: boolean) {
    this.#file = file;
    this.#tokens = tokens;
    this.#addSpacePrefix = addSpacePrefix;
    this.#merger = new SymbolMerger((bytes, left, _middle, end) => {
      const id = tokens.find(bytes, left, end);
      return id < 0 ? Number.NaN : -(scores[id] ?? 0);
    });
  }

  encode(text: string, afterSpecial: boolean, ids: number[]): void {
    const prefixed = this.#addSpacePrefix && afterSpecial ? ` ${text}` : text;
    const bytes = this.#utf8.encode(prefixed.replaceAll(' ', '\u2581'));
    this.#merger.merge(bytes, bytes.length, (start, end) => {
      const id = this.#tokens.find(bytes, start, end);
      if (id >= 0) ids.push(id);
      else for (let at = start; at < end; at += 1) ids.push(this.#idOfByte(bytes, at));
    });
  }

  #idOfByte(bytes: Uint8Array, at: number): number {
    const byte = bytes[at] ?? 0;
    const name = byteName(byte);
    const named = this.#tokens.find(name, 0, name.length);
    const id = named >= 0 ? named : this.#tokens.find(bytes, at, at + 1);
    if (id >= 0) return id;
    throw new TokenizerError(
      this.#file,
      `has no token for the byte 0x${byte.toString(16).toUpperCase().padStart(2, '0')} of this text, and llama.cpp cannot tokenize it either; leave that character out`,
    );
  }
}
