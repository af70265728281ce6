import { isRecord } from './chat-messages.ts';
import { TokenizerError } from './tokenizer-error.ts';

const EXACT_MODELS: ReadonlySet<unknown> = new Set(['BPE', 'WordPiece', 'Unigram']);

/** Parts that the library only comes near to. */
const INEXACT_PARTS: ReadonlySet<unknown> = new Set(['Precompiled', 'BertNormalizer']);

/** The words of GPT-2, as `ByteLevel` cuts them where it is not told otherwise. */
const GPT2_WORDS = "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+";

/**
 * Makes a tokenizer's definition one that the library does exactly: it is changed in place where there is a way, and
 * refused where there is none.
 *
 * @throws TokenizerError naming the part
 */
export function makeExact(file: string, definition: Record<string, unknown>, modelType: unknown): void {
  const refuse = (part: string): never => {
    throw new TokenizerError(
      file,
      `has the ${part}, which cannot be done exactly here; use a GGUF file of the model`,
    );
  };
  if (!EXACT_MODELS.has(modelType)) refuse(`model "${String(modelType)}"`);
  for (const place of ['normalizer', 'pre_tokenizer']) {
    definition[place] = exactPart(definition[place] ?? null, (type) => refuse(`${place} "${type}"`));
  }
}

function exactPart(part: unknown, refuse: (type: string) => never): unknown {
  if (!isRecord(part)) return part;
  const { type } = part;
  if (INEXACT_PARTS.has(type)) refuse(String(type));
  for (const list of ['normalizers', 'pretokenizers']) {
    const nested = part[list];
    if (Array.isArray(nested))
      return { ...part, [list]: nested.map((inner: unknown) => exactPart(inner, refuse)) };
  }
  // The library knows ASCII digits only here.
  if (type === 'Digits') return split(part.individual_digits === true ? '\\p{N}' : '\\p{N}+');
  if (type !== 'ByteLevel' || part.use_regex === false) return part;
  // The library's own words for this part take U+FEFF for a space, and U+0085 for none; its `Split` knows better.
  if (part.add_prefix_space === true) refuse('ByteLevel with a space in front');
  return { type: 'Sequence', pretokenizers: [split(GPT2_WORDS), { ...part, use_regex: false }] };
}

function split(pattern: string): Record<string, unknown> {
  return { type: 'Split', pattern: { Regex: pattern }, behavior: 'Isolated', invert: false };
}
