import { ByteStringIndex } from './byte-string-index.ts';
import { readGgufMetadata } from './gguf.ts';
import { GgufKeys, isTokenizerKey } from './gguf-keys.ts';
import type { PackedStrings } from './packed-strings.ts';
import { packStrings, shownString } from './packed-strings.ts';
import type { PreTokenizer } from './pre-tokenizers.ts';
import { preTokenizerNamed, preTokenizerNames } from './pre-tokenizers.ts';
import { type AddedToken, addedTokensOf } from './special-tokens.ts';
import { type TokenAttributes, tokenAttributes } from './token-attributes.ts';
import { TokenizerError } from './tokenizer-error.ts';

/** The algorithm that makes tokens of text, with the data that it alone needs. */
type Algorithm =
  | {
      readonly kind: 'bpe';
      readonly preName: string;
      readonly pre: PreTokenizer;
      readonly merges: PackedStrings;
    }
  | { readonly kind: 'spm'; readonly scores: Float64Array; readonly addSpacePrefix: boolean }
  | { readonly kind: 'wordpiece'; readonly lowerCase: boolean; readonly stripAccents: boolean };

/** The vocabulary of a GGUF file, with the corrections that llama.cpp makes on loading. */
export interface GgufVocabulary {
  readonly file: string;
  /** `tokenizer.ggml.model`: gpt2, llama, gemma4 or bert. */
  readonly model: string;
  readonly algorithm: Algorithm;
  readonly tokens: PackedStrings;
  readonly index: ByteStringIndex;
  readonly attributes: TokenAttributes;
  /** Tokens that are looked for in the text before anything else, longest first. */
  readonly addedTokens: readonly AddedToken[];
  readonly bosId: number | undefined;
  readonly eosId: number | undefined;
  readonly unknownId: number | undefined;
  readonly separatorId: number | undefined;
  readonly addBos: boolean;
  readonly addEos: boolean;
  /** The default chat template, and the one for requests with tools, where the file has them. */
  readonly chatTemplate: string | undefined;
  readonly toolTemplate: string | undefined;
}

const UNREADABLE_KINDS: ReadonlyMap<string, string> = new Map([
  ['t5', 'unigram'],
  ['rwkv', 'RWKV world'],
  ['plamo2', 'PLaMo 2'],
  ['hybriddna', 'text with DNA in it'],
  ['whitespace', 'words by white space'],
  ['test', 'a test without real tokens'],
  ['no_vocab', 'no vocabulary'],
  ['none', 'no vocabulary'],
]);

/**
 * Reads the vocabulary of a GGUF file.
 *
 * @throws TokenizerError when the file is damaged, or has a kind of tokenizer or a pre-tokenizer that cannot be
 *   done exactly here
 */
export function readGgufVocabulary(file: string): GgufVocabulary {
  const metadata = readGgufMetadata(file, isTokenizerKey);
  const keys = new GgufKeys(metadata);
  const model = keys.text('model');
  if (model === undefined)
    throw new TokenizerError(
      file,
      'has no tokenizer in it (no tokenizer.ggml.model); give the file of a whole model, or the first of its parts',
    );
  const algorithm = algorithmOf(keys, file, model);
  const tokens = keys.strings('tokens');
  if (tokens === undefined)
    throw new TokenizerError(file, 'has no list of tokens (no tokenizer.ggml.tokens); get the file again');
  const index = new ByteStringIndex(tokens, (repeat, first) => {
    throw new TokenizerError(
      file,
      `has the token "${shownString(tokens, repeat)}" twice (${first} and ${repeat}), which llama.cpp refuses too; convert the model again`,
    );
  });
  const scores = algorithm.kind === 'spm' ? scoresOf(keys, file, tokens.count) : undefined;
  const pre = algorithm.kind === 'bpe' ? algorithm.pre : undefined;
  const defaults = defaultIds(algorithm.kind, model, pre);
  const id = (name: string, fallback: number | undefined): number | undefined =>
    keys.id(name, tokens.count, fallback);
  const eosId = id('eos_token_id', defaults.eos);
  const attributes = tokenAttributes({
    types: keys.numbers('token_type', ['int32'], tokens.count),
    tokens,
    index,
    generalName: keys.value('general.name', 'string')?.value ?? '',
    architecture: keys.value('general.architecture', 'string')?.value ?? '',
    preName: keys.text('pre') ?? '',
    hasId: (name) => id(name, undefined) !== undefined,
    endIds: [eosId, id('eot_token_id', undefined), id('eom_token_id', undefined)],
  });
  return {
    file,
    model,
    algorithm: scores && algorithm.kind === 'spm' ? { ...algorithm, scores } : algorithm,
    tokens,
    index,
    attributes,
    addedTokens: addedTokensOf(tokens, attributes),
    bosId: id('bos_token_id', defaults.bos),
    eosId,
    unknownId: id('unknown_token_id', defaults.unknown),
    separatorId: id('seperator_token_id', defaults.separator),
    addBos:
      pre?.alwaysAddBos ?? keys.flag('add_bos_token') ?? (algorithm.kind !== 'bpe' || pre?.addBos === true),
    addEos: keys.flag('add_eos_token') ?? false,
    chatTemplate: keys.value('tokenizer.chat_template', 'string')?.value,
    toolTemplate: keys.value('tokenizer.chat_template.tool_use', 'string')?.value,
  };
}

function algorithmOf(keys: GgufKeys, file: string, model: string): Algorithm {
  switch (model) {
    case 'llama':
      return {
        kind: 'spm',
        scores: new Float64Array(0),
        addSpacePrefix: keys.flag('add_space_prefix') ?? true,
      };
    case 'bert': {
      const lowerCase = keys.flag('normalizer.lowercase') ?? true;
      return {
        kind: 'wordpiece',
        lowerCase,
        stripAccents: keys.flag('normalizer.strip_accents') ?? lowerCase,
      };
    }
    case 'gpt2':
    case 'gemma4': {
      const preName = model === 'gemma4' ? 'gemma4' : keys.text('pre') || 'default';
      const pre = preTokenizerNamed(preName);
      if (!pre) {
        throw new TokenizerError(
          file,
          `needs the pre-tokenizer "${preName}", which is not known here, so its tokens cannot be counted exactly; known: ${preTokenizerNames().length} names, such as llama-bpe, qwen2 and gpt-4o`,
        );
      }
      // Kimi K2 may come without merges, and then has none.
      const merges = keys.strings('merges') ?? (preName === 'kimi-k2' ? packStrings([]) : undefined);
      if (!merges)
        throw new TokenizerError(
          file,
          'has no merges for its BPE tokenizer (no tokenizer.ggml.merges); convert the model again',
        );
      return { kind: 'bpe', preName, pre, merges };
    }
    default: {
      const known = UNREADABLE_KINDS.get(model);
      throw new TokenizerError(
        file,
        `has a tokenizer of the kind "${model}"${known ? ` (${known})` : ''}, which cannot be counted exactly here; the kinds gpt2, llama, gemma4 and bert can`,
      );
    }
  }
}

function scoresOf(keys: GgufKeys, file: string, count: number): Float64Array {
  const scores = keys.numbers('scores', ['float32', 'int32'], count) ?? new Float64Array(count);
  const bad = scores.findIndex(Number.isNaN);
  if (bad >= 0)
    throw new TokenizerError(file, `has no number as the score of token ${bad}; get the file again`);
  return scores;
}

/** The ids that llama.cpp takes where the file names none. */
function defaultIds(kind: Algorithm['kind'], model: string, pre: PreTokenizer | undefined) {
  if (kind === 'spm') return { bos: 1, eos: 2, unknown: 0, separator: undefined };
  if (kind === 'wordpiece') return { bos: 101, eos: undefined, unknown: 100, separator: 102 };
  if (model === 'gemma4') return { bos: undefined, eos: undefined, unknown: undefined, separator: undefined };
  return { bos: pre?.noDefaultBos ? undefined : 11, eos: 11, unknown: undefined, separator: undefined };
}
