import { isRecord } from './chat-messages.ts';

/** Refuses a part by its name. */
export type Refuse = (part: string) => never;

/** The words of GPT-2, as `ByteLevel` cuts them where it is not told otherwise. */
const GPT2_WORDS = "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+";
/** What `\w` is to the regular expressions of Rust. */
const WORD = '\\p{Alphabetic}\\p{M}\\p{Nd}\\p{Pc}\\p{Join_Control}';

type Part = Record<string, unknown>;

/** Characters that a part may put in at one place: real ones put in one, or a word. */
const LONGEST_ADDED = 32;
/** Parts of a sequence, those of the sequences in it included. */
const MOST_PARTS = 100;

/** All parts of a normalizer or pre-tokenizer, one by one. @throws what `refuse` throws where there are too many */
function partsOf(part: unknown, list: 'normalizers' | 'pretokenizers', refuse: Refuse): unknown[] {
  const parts: unknown[] = [];
  const left = [part];
  while (left.length > 0) {
    const one = left.pop();
    parts.push(one);
    if (isRecord(one)) left.push(...listOf(one[list]).slice(0, MOST_PARTS + 1));
    if (parts.length > MOST_PARTS) refuse(`${list} of over ${MOST_PARTS} parts`);
  }
  return parts;
}

/** What a part puts in, as a text. */
function added(text: unknown, refuse: Refuse): string {
  const short = String(text ?? '');
  return short.length > LONGEST_ADDED
    ? refuse(`text of over ${LONGEST_ADDED} characters that a part puts in`)
    : short;
}

/**
 * A normalizer as the library does it exactly: written anew where there is a way, refused where there is none. What is
 * not named here was not found to be the same as in the original.
 */
export function exactNormalizer(part: unknown, refuse: Refuse): Part | null {
  partsOf(part, 'normalizers', refuse);
  return normalizer(part, refuse);
}

function normalizer(part: unknown, refuse: Refuse): Part | null {
  if (part === null || part === undefined) return null;
  if (!isRecord(part)) return refuse('normalizer without a type');
  switch (part.type) {
    case 'Sequence':
      return {
        ...part,
        normalizers: listOf(part.normalizers).map((inner) => normalizer(inner, refuse)),
      };
    case 'NFC':
    case 'NFD':
    case 'NFKC':
    case 'NFKD':
      return part;
    case 'Prepend':
      // The library puts it in front of an empty text as well; in the original that stays empty.
      return {
        type: 'Replace',
        pattern: { Regex: '\\A[\\s\\S]' },
        content: `${literal(added(part.prepend, refuse))}$&`,
      };
    case 'Replace':
      return replace(part.pattern, added(part.content, refuse));
    case 'Lowercase':
      // JavaScript writes a sigma at the end of a word differently.
      return { type: 'Sequence', normalizers: [replace({ String: 'Σ' }, 'σ'), part] };
    case 'Strip': {
      const left = part.strip_left === true ? [replace({ Regex: '\\A\\s+' }, '')] : [];
      const right = part.strip_right === true ? [replace({ Regex: '(?<!\\s)\\s+\\z' }, '')] : [];
      return { type: 'Sequence', normalizers: [...left, ...right] };
    }
    default:
      return refuse(`normalizer "${String(part.type)}"`);
  }
}

/** The library passes the content to JavaScript, where a dollar sign has a meaning in replacements. */
function literal(content: unknown): string {
  return String(content ?? '').replaceAll('$', '$$$$');
}

function replace(pattern: unknown, content: unknown): Part {
  return { type: 'Replace', pattern, content: literal(content) };
}

/** A pre-tokenizer as the library does it exactly, as for `exactNormalizer`. */
export function exactPreTokenizer(part: unknown, refuse: Refuse): Part | null {
  const parts = partsOf(part, 'pretokenizers', refuse);
  // Each encodes every byte beyond ASCII as two.
  if (parts.filter((one) => isRecord(one) && one.type === 'ByteLevel').length > 1)
    refuse('pre_tokenizer "ByteLevel" behind another one');
  return preTokenizer(part, refuse, true);
}

/** @param first whether it sees the text uncut */
function preTokenizer(part: unknown, refuse: Refuse, first: boolean): Part | null {
  if (part === null || part === undefined) return null;
  if (!isRecord(part)) return refuse('pre_tokenizer without a type');
  switch (part.type) {
    case 'Sequence': {
      const parts = listOf(part.pretokenizers);
      return sequence(parts.map((inner, index) => preTokenizer(inner, refuse, first && index === 0)));
    }
    case 'ByteLevel':
      return byteLevel(part);
    case 'Split':
      return exactSplit(part, refuse);
    case 'Digits':
      return split(part.individual_digits === true ? '\\p{N}' : '\\p{N}+');
    case 'Whitespace':
      return { ...split(`[${WORD}]+|[^\\s${WORD}]+`), behavior: 'Removed', invert: true };
    case 'WhitespaceSplit':
      return { ...split('\\s+'), behavior: 'Removed' };
    case 'Metaspace':
      return metaspace(part, refuse, first);
    default:
      return refuse(`pre_tokenizer "${String(part.type)}"`);
  }
}

/** The library's own words for this part take U+FEFF for a space, and U+0085 for none; its `Split` does it right. */
function byteLevel(part: Part): Part {
  const space = { type: 'Replace', pattern: { Regex: '\\A[^ ]' }, content: ' $&' };
  return sequence([
    ...(part.add_prefix_space === true ? [space] : []),
    ...(part.use_regex === false ? [] : [split(GPT2_WORDS)]),
    { ...part, use_regex: false, add_prefix_space: false },
  ]);
}

function metaspace(part: Part, refuse: Refuse, first: boolean): Part {
  const mark = typeof part.replacement === 'string' ? part.replacement : '\u2581';
  if ([...added(mark, refuse)].length !== 1)
    refuse('pre_tokenizer "Metaspace" that writes more than one character');
  // Old files have only `add_prefix_space`, which the library does not look at.
  const scheme = part.add_prefix_space === false ? 'never' : (part.prepend_scheme ?? 'always');
  if (scheme === 'first' && !first) refuse('pre_tokenizer "Metaspace" (first) behind another one');
  const marked = { type: 'Metaspace', replacement: mark, prepend_scheme: scheme };
  const whole = part.split === false;
  return whole ? marked : sequence([marked, ...bySingleCharacter(mark, 'mergedwithnext', refuse)]);
}

function exactSplit(part: Part, refuse: Refuse): Part {
  const behavior = String(part.behavior ?? '').toLowerCase();
  const pattern = isRecord(part.pattern) ? part.pattern : {};
  if (part.invert === true) {
    if (behavior === 'removed') return part;
    // Matches and what is between them: which is which makes no difference.
    return behavior === 'isolated'
      ? { ...part, invert: false }
      : refuse(`pre_tokenizer "Split" (${behavior})`);
  }
  if (typeof pattern.String === 'string')
    return sequence(bySingleCharacter(pattern.String, behavior, refuse));
  // The matches of a group would be returned as well.
  const hasGroup = /(?<!\\)\((?!\?)/.test(String(pattern.Regex));
  const known = behavior === 'isolated' || (behavior === 'removed' && !hasGroup);
  return known ? part : refuse(`pre_tokenizer "Split" (${behavior})`);
}

/** The library knows no other behaviours than `isolated` and `removed`; for one character they can be written out. */
function bySingleCharacter(text: string, behavior: string, refuse: Refuse): Part[] {
  const escaped = text.replace(/[.*+?^${}()|[\]\\/&~-]/g, '\\$&');
  if (behavior === 'isolated') return [split(escaped)];
  if (behavior === 'removed') return [{ ...split(escaped), behavior: 'Removed' }];
  if ([...text].length !== 1) refuse(`pre_tokenizer "Split" (${behavior})`);
  switch (behavior) {
    case 'mergedwithprevious':
      return [split(`[^${escaped}]+${escaped}?|${escaped}`)];
    case 'mergedwithnext':
      return [split(`${escaped}[^${escaped}]*|[^${escaped}]+`)];
    case 'contiguous':
      return [split(`(?:${escaped})+`)];
    default:
      return refuse(`pre_tokenizer "Split" (${behavior})`);
  }
}

function split(pattern: string): Part {
  return { type: 'Split', pattern: { Regex: pattern }, behavior: 'Isolated', invert: false };
}

function sequence(parts: readonly unknown[]): Part {
  return { type: 'Sequence', pretokenizers: parts.filter((part) => part !== null) };
}

/**
 * Whether the library does a model exactly, which depends on its settings.
 *
 * @returns the model, its type written into it
 */
export function exactModel(model: Part, refuse: Refuse): Part {
  // Files of the first years leave the type out; the library would guess wrong.
  const type = model.type ?? (Array.isArray(model.merges) ? 'BPE' : undefined);
  if (type !== 'BPE' && type !== 'WordPiece') refuse(`model "${String(type)}"`);
  if (typeof model.dropout === 'number' && model.dropout > 0) refuse('model "BPE" with dropout');
  if (type === 'BPE' && model.continuing_subword_prefix)
    refuse('model "BPE" with a prefix for what continues a word');
  // The unknown is dropped here before the library puts the suffix on, so that another character would get it.
  if (type === 'BPE' && model.end_of_word_suffix && typeof model.unk_token !== 'string')
    refuse('model "BPE" with a suffix for the end of a word, and no token for the unknown');
  for (const name of ['end_of_word_suffix', 'continuing_subword_prefix']) added(model[name], refuse);
  checkVocabulary(model, type === 'BPE');
  return { ...model, type };
}

/** @throws Error where the library would go on with nonsense */
function checkVocabulary({ vocab, merges }: Part, hasMerges: boolean): void {
  if (!isRecord(vocab) || !Object.values(vocab).every(Number.isInteger))
    throw new Error('the vocabulary is no list of tokens with their ids');
  const isMerge = (merge: unknown): boolean =>
    typeof merge === 'string' || (Array.isArray(merge) && merge.length === 2);
  if (hasMerges && !(Array.isArray(merges) && merges.every(isMerge)))
    throw new Error('the merges are no list of pairs');
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}
