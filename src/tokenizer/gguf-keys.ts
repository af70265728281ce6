import type { GgufMetadata, GgufValue } from './gguf.ts';
import type { PackedStrings } from './packed-strings.ts';
import { TokenizerError } from './tokenizer-error.ts';

/** What the keys of a tokenizer begin with. */
export const TOKENIZER_PREFIX = 'tokenizer.ggml.';

type Kind = GgufValue['kind'];

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
      `has a ${value.kind} in "${key}" where a ${kind} belongs; convert the model again`,
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
    if (id !== undefined && id >= 0 && id < count) return id;
    return fallback !== undefined && fallback < count ? fallback : undefined;
  }
}

function isKind<K extends Kind>(value: GgufValue, kind: K): value is Extract<GgufValue, { kind: K }> {
  return value.kind === kind;
}
