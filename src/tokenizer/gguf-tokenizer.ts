import { BpeEncoder, BYTE_LETTERS, type TextEncoderToIds } from './bpe-encoder.ts';
import type { GgufVocabulary } from './gguf-vocabulary.ts';
import { shownString } from './packed-strings.ts';
import { AddedTokenFinder } from './special-tokens.ts';
import { SpmEncoder } from './spm-encoder.ts';
import { ATTRIBUTE } from './token-attributes.ts';
import type { EncodeOptions } from './tokenizer.ts';
import { TokenizerError } from './tokenizer-error.ts';
import { wellFormed } from './well-formed.ts';
import { WordPieceEncoder } from './wordpiece-encoder.ts';

/** Tokenizes as llama.cpp does with the same file (`llama_tokenize`). */
export class GgufTokenizer {
  readonly vocabulary: GgufVocabulary;
  readonly describe: string;
  readonly #encoder: TextEncoderToIds;
  readonly #everyToken: AddedTokenFinder;
  readonly #plainTokens: AddedTokenFinder;

  constructor(vocabulary: GgufVocabulary) {
    this.vocabulary = vocabulary;
    this.describe = `gguf: ${nameOf(vocabulary)}, ${vocabulary.tokens.count} tokens`;
    this.#encoder = encoderFor(vocabulary);
    this.#everyToken = new AddedTokenFinder(vocabulary.addedTokens);
    this.#plainTokens = new AddedTokenFinder(vocabulary.addedTokens.filter((token) => token.always));
  }

  encode(text: string, options: EncodeOptions = {}): number[] {
    const ids: number[] = [];
    if (options.addSpecial) this.#addStart(ids);
    const finder = options.parseSpecial ? this.#everyToken : this.#plainTokens;
    let afterSpecial = true;
    for (const fragment of finder.split(wellFormed(text))) {
      if (typeof fragment === 'string') this.#encoder.encode(fragment, afterSpecial, ids);
      else ids.push(fragment);
      afterSpecial = typeof fragment !== 'string';
    }
    if (options.addSpecial) this.#addEnd(ids);
    return ids;
  }

  /** The text of a token as a chat template gets it, for instance as `bos_token`; empty where there is no token. */
  textOf(id: number | undefined): string {
    if (id === undefined) return '';
    const { algorithm, attributes, tokens } = this.vocabulary;
    const text = shownString(tokens, id);
    const bits = attributes[id] ?? 0;
    if (bits & (ATTRIBUTE.control | ATTRIBUTE.unknown | ATTRIBUTE.userDefined)) return text;
    if ((bits & ATTRIBUTE.normal) === 0) return '';
    if (algorithm.kind === 'bpe' && !algorithm.pre.plainText) return fromByteLetters(text);
    return text.replaceAll('\u2581', ' ');
  }

  #addStart(ids: number[]): void {
    const { algorithm, addBos, bosId } = this.vocabulary;
    if (algorithm.kind === 'wordpiece' || addBos) ids.push(this.#needed(bosId, 'beginning-of-text'));
  }

  #addEnd(ids: number[]): void {
    const { algorithm, addEos, eosId, separatorId } = this.vocabulary;
    if (algorithm.kind === 'wordpiece') ids.push(this.#needed(separatorId, 'separator'));
    else if (addEos) ids.push(this.#needed(eosId, 'end-of-text'));
  }

  #needed(id: number | undefined, what: string): number {
    if (id !== undefined) return id;
    throw new TokenizerError(
      this.vocabulary.file,
      `asks for a ${what} token and names none, which stops llama.cpp too; count without it or convert the model again`,
    );
  }
}

function encoderFor({ algorithm, file, index, tokens, unknownId }: GgufVocabulary): TextEncoderToIds {
  switch (algorithm.kind) {
    case 'bpe':
      return new BpeEncoder(index, algorithm.merges, algorithm.pre);
    case 'spm':
      return new SpmEncoder(file, index, algorithm.scores, algorithm.addSpacePrefix);
    case 'wordpiece': {
      let longest = 0;
      for (let id = 0; id < tokens.count; id += 1) {
        longest = Math.max(longest, (tokens.ends[id] ?? 0) - (tokens.starts[id] ?? 0));
      }
      const { lowerCase, stripAccents } = algorithm;
      return new WordPieceEncoder(index, longest, { lowerCase, stripAccents, unknownId });
    }
  }
}

function nameOf({ algorithm, model }: GgufVocabulary): string {
  switch (algorithm.kind) {
    case 'bpe':
      return `${model} BPE (${algorithm.preName})`;
    case 'spm':
      return `${model} SPM`;
    case 'wordpiece':
      return `${model} WordPiece`;
  }
}

function fromByteLetters(text: string): string {
  const bytes = Array.from(text, (letter) => BYTE_LETTERS.indexOf(letter.codePointAt(0) ?? 0));
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(
    Uint8Array.from(bytes.filter((byte) => byte >= 0)),
  );
}
