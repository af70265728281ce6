import { Tokenizer as HuggingFaceEngine } from '@huggingface/tokenizers';
import { BYTE_LETTERS } from './bpe-encoder.ts';
import { AddedTokenFinder, addedTokensOf } from './huggingface-added-tokens.ts';
import { type Ends, endsOf } from './huggingface-ends.ts';
import { exactModel, exactNormalizer, exactPreTokenizer, type Refuse } from './huggingface-parts.ts';
import type { EncodeOptions } from './tokenizer.ts';
import { wellFormed } from './well-formed.ts';
import { WordCache } from './word-cache.ts';

/** A compatibility form makes up to 18 characters of one, in real texts hardly two. */
const MOST_GROWTH = 8;
const MOST_ADDED = 1000;

type Normalize = (text: string) => string;

/** The normalizers of a sequence, and of those in it. */
function stepsOf(normalizer: object | null): Normalize[] {
  if (normalizer !== null && 'normalizers' in normalizer && Array.isArray(normalizer.normalizers))
    return normalizer.normalizers.flatMap(stepsOf);
  return typeof normalizer === 'function' ? [(text) => String(normalizer(text))] : [];
}

/**
 * Tokenizes as the `tokenizers` of Hugging Face do with the same file. The library cuts and joins words; done
 * here is what it does inexactly: tokens found by their text, and those at the ends.
 */
export class HuggingFaceEncoder {
  readonly model: string;
  readonly size: number;
  readonly #engine: HuggingFaceEngine;
  readonly #ends: Ends;
  /** One by one, so that what each adds is bounded. */
  readonly #normalizers: readonly Normalize[];
  readonly #ids: ReadonlyMap<string, number>;
  readonly #dropsUnknown: boolean;
  readonly #ignoresMerges: boolean;
  readonly #words = new WordCache((word, ids) => this.#encodeWord(word, ids));
  readonly #raw: AddedTokenFinder;
  readonly #normalized: AddedTokenFinder;

  /**
   * @param definition a tokenizer.json
   * @throws what `refuse` throws where a part cannot be done exactly, and Error where the library cannot do one
   */
  constructor(definition: Record<string, unknown>, model: Record<string, unknown>, refuse: Refuse) {
    const exact = exactModel(model, refuse);
    this.model = String(exact.type);
    this.#ends = endsOf(definition.post_processor, refuse);
    this.#engine = new HuggingFaceEngine(
      {
        model: exact,
        normalizer: exactNormalizer(definition.normalizer, refuse),
        pre_tokenizer: exactPreTokenizer(definition.pre_tokenizer, refuse),
        post_processor: null,
        decoder: null,
        added_tokens: [],
      },
      {},
    );
    this.#normalizers = stepsOf(this.#engine.normalizer);
    this.#ids = this.#engine.model?.tokens_to_ids ?? new Map();
    const letters = Array.from(BYTE_LETTERS, (letter) => String.fromCharCode(letter));
    this.#dropsUnknown =
      exact.type === 'BPE' &&
      typeof exact.unk_token !== 'string' &&
      exact.byte_fallback !== true &&
      !letters.every((letter) => this.#ids.has(letter));
    this.#ignoresMerges = exact.ignore_merges === true;
    const added = addedTokensOf(
      definition.added_tokens,
      (text) => this.#normalize(text),
      (text) => this.#ids.get(text),
    );
    this.#raw = new AddedTokenFinder(added.filter((token) => !token.normalized));
    this.#normalized = new AddedTokenFinder(added.filter((token) => token.normalized));
    this.size = this.#ids.size + added.filter(({ id }) => id >= this.#ids.size).length;
  }

  encode(text: string, { parseSpecial = false, addSpecial = false }: EncodeOptions = {}): number[] {
    const ids: number[] = addSpecial ? [...this.#ends.before] : [];
    for (const outer of this.#raw.split(wellFormed(text), parseSpecial)) {
      if ('id' in outer) {
        ids.push(outer.id);
        continue;
      }
      for (const inner of this.#normalized.split(this.#normalize(outer.text), parseSpecial)) {
        if ('id' in inner) ids.push(inner.id);
        else this.#encodeText(inner.text, outer.start === 0 && inner.start === 0, ids);
      }
    }
    if (addSpecial) for (const id of this.#ends.after) ids.push(id);
    return ids;
  }

  /** The id of a token by its text. */
  idOf(text: string): number | undefined {
    const [id, more] = this.encode(text, { parseSpecial: true });
    return more === undefined ? id : this.#ids.get(text);
  }

  #normalize(text: string): string {
    const most = text.length * MOST_GROWTH + MOST_ADDED;
    let done = text;
    for (const normalize of this.#normalizers) {
      done = normalize(done);
      if (done.length > most)
        throw new Error(`its normalizers make over ${most} characters of ${text.length}`);
    }
    return done;
  }

  /** Without a token for the unknown its characters are dropped, and their neighbours may be joined. */
  #knownPart(word: string): string {
    if (this.#ignoresMerges && this.#ids.has(word)) return word;
    return [...word].filter((character) => this.#ids.has(character)).join('');
  }

  #encodeText(text: string, first: boolean, ids: number[]): void {
    const preTokenizer = this.#engine.pre_tokenizer;
    const words = preTokenizer ? preTokenizer(text, { section_index: first ? 0 : 1 }) : [text];
    for (const word of words) this.#words.encode(word, ids);
  }

  /** Word by word: the library would join what is unknown across words. */
  #encodeWord(given: string, ids: number[]): void {
    const word = this.#dropsUnknown ? this.#knownPart(given) : given;
    for (const token of this.#engine.model?.([word]) ?? []) {
      const id = this.#ids.get(token);
      if (id !== undefined) ids.push(id);
    }
  }
}
