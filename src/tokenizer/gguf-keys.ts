import type { GgufMetadata, GgufValue } from './gguf.ts';
import type { PackedStrings } from './packed-strings.ts';
import { TokenizerError } from './tokenizer-error.ts';

/** The prefix of a tokenizer's keys. */
const TOKENIZER_PREFIX = 'tokenizer.ggml.';

/** The keys that a vocabulary is made from, those with a prefix by what follows it. Nothing else is read. */
const TOKENIZER_KEYS: ReadonlySet<string> = new Set(
  (
    'model pre tokens scores token_type merges add_space_prefix add_bos_token add_eos_token ' +
    'normalizer.lowercase normalizer.strip_accents bos_token_id eos_token_id eot_token_id eom_token_id ' +
    'unknown_token_id seperator_token_id fim_pre_token_id fim_suf_token_id fim_mid_token_id fim_pad_token_id ' +
    'fim_rep_token_id fim_sep_token_id prefix_token_id suffix_token_id middle_token_id'
  ).split(' '),
);
const OTHER_KEYS: ReadonlySet<string> = new Set([
  'general.name',
  'general.architecture',
  'tokenizer.chat_template',
  'tokenizer.chat_template.tool_use',
]);

/** Whether the value of this key says something about the tokenizer. */
export function isTokenizerKey(key: string): boolean {
  return key.startsWith(TOKENIZER_PREFIX)
    ? TOKENIZER_KEYS.has(key.slice(TOKENIZER_PREFIX.length))
    : OTHER_KEYS.has(key);
}

type Kind = GgufValue['kind'];

const KIND_NAMES: Readonly<Record<Kind, string>> = {
  number: 'a number',
  boolean: 'a boolean',
  string: 'a string',
  strings: 'a list of strings',
  numbers: 'a list of numbers',
};

/** The keys of a tokenizer, each with the type it must have. */
export class GgufKeys {
  readonly #metadata: GgufMetadata;

  constructor(metadata: GgufMetadata) {
    this.#metadata = metadata;
  }

  value<K extends Kind>(key: string, kind: K): Extract<GgufValue, { kind: K }> | undefined {
    const value = this.#metadata.values.get(key);
    if (value === undefined) return undefined;
    if (isKind(value, kind)) return value;
    throw new TokenizerError(
      this.#metadata.file,
      `has ${KIND_NAMES[value.kind]} in "${key}" where ${KIND_NAMES[kind]} belongs; convert the model again`,
    );
  }

  text(name: string): string | undefined {
    return this.value(TOKENIZER_PREFIX + name, 'string')?.value;
  }

  flag(name: string): boolean | undefined {
    return this.value(TOKENIZER_PREFIX + name, 'boolean')?.value;
  }

  strings(name: string): PackedStrings | undefined {
    return this.value(TOKENIZER_PREFIX + name, 'strings')?.value;
  }

  numbers(name: string, elements: readonly string[], atLeast: number): Float64Array | undefined {
    const found = this.value(TOKENIZER_PREFIX + name, 'numbers');
    if (!found) return undefined;
    const { file } = this.#metadata;
    if (!elements.includes(found.element)) {
      throw new TokenizerError(
        file,
        `has ${found.element} numbers in "${TOKENIZER_PREFIX}${name}" where ${elements.join(' or ')} belong; convert the model again`,
      );
    }
    if (found.value.length < atLeast) {
      throw new TokenizerError(
        file,
        `has ${found.value.length} numbers in "${TOKENIZER_PREFIX}${name}" for ${atLeast} tokens; get the file again`,
      );
    }
    return found.value;
  }

  /** An id outside of the vocabulary is passed over, as llama.cpp does. */
  id(name: string, count: number, fallback: number | undefined): number | undefined {
    const id = this.value(TOKENIZER_PREFIX + name, 'number')?.value;
    if (id !== undefined && Number.isInteger(id) && id >= 0 && id < count) return id;
    return fallback !== undefined && fallback < count ? fallback : undefined;
  }
}

function isKind<K extends Kind>(value: GgufValue, kind: K): value is Extract<GgufValue, { kind: K }> {
  return value.kind === kind;
}
