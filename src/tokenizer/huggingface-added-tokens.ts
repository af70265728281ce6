import { isRecord } from './chat-messages.ts';

/** A token that is found in a text by its own text, as `added_tokens` describes it. */
export interface AddedToken {
  readonly id: number;
  /** What is looked for: of a normalized token the normalized text. */
  readonly text: string;
  readonly special: boolean;
  /** Looked for after the text is normalized, not before. */
  readonly normalized: boolean;
  /** Only where no word touches it. */
  readonly singleWord: boolean;
  readonly takesSpaceBefore: boolean;
  readonly takesSpaceAfter: boolean;
}

/** A stretch of text that is still to be tokenized, or a token that was found. */
export type Fragment = { readonly text: string; readonly start: number } | { readonly id: number };

/**
 * Reads the `added_tokens` of a tokenizer.json; special ones go first where two have the same text.
 *
 * @param idOf the id of a text in the model, which goes before the id in the list
 */
export function addedTokensOf(
  list: unknown,
  normalize: (text: string) => string,
  idOf: (text: string) => number | undefined,
): AddedToken[] {
  const tokens = (Array.isArray(list) ? list : []).flatMap((entry: unknown): AddedToken[] => {
    if (!isRecord(entry) || typeof entry.content !== 'string' || entry.content === '') return [];
    const { content } = entry;
    const id = idOf(content) ?? entry.id;
    if (typeof id !== 'number') return [];
    const special = entry.special === true;
    const normalized = typeof entry.normalized === 'boolean' ? entry.normalized : !special;
    return [
      {
        id,
        text: normalized ? normalize(content) : content,
        special,
        normalized,
        singleWord: entry.single_word === true,
        takesSpaceBefore: entry.lstrip === true,
        takesSpaceAfter: entry.rstrip === true,
      },
    ];
  });
  return [...tokens.filter((token) => token.special), ...tokens.filter((token) => !token.special)];
}

const SPACE = /\p{White_Space}/u;
const WORD = /[\p{Alphabetic}\p{M}\p{Nd}\p{Pc}\p{Join_Control}]/u;

/** Finds added tokens as the original does (`AddedVocabulary::find_matches`): from left to right, the longest first. */
export class AddedTokenFinder {
  readonly #byText = new Map<string, AddedToken>();
  /** By their first character: the tokens' lengths, the longest first. */
  readonly #lengths = new Map<string, number[]>();

  constructor(tokens: readonly AddedToken[]) {
    for (const token of tokens) {
      if (token.text === '' || this.#byText.has(token.text)) continue;
      this.#byText.set(token.text, token);
      const first = token.text.charAt(0);
      const lengths = this.#lengths.get(first) ?? [];
      if (!lengths.includes(token.text.length)) lengths.push(token.text.length);
      this.#lengths.set(
        first,
        lengths.sort((a, b) => b - a),
      );
    }
  }

  /** @param special whether special tokens count as such; else they are text, but hide what lies within them */
  split(text: string, special: boolean): Fragment[] {
    const fragments: Fragment[] = [];
    let done = 0;
    for (let at = 0; at < text.length; ) {
      const token = this.#tokenAt(text, at);
      if (!token) {
        at += 1;
        continue;
      }
      const from = at;
      const to = from + token.text.length;
      at = to;
      if (token.special && !special) continue;
      if (token.singleWord && (endsWithWord(text, from) || startsWithWord(text, to))) continue;
      const start = token.takesSpaceBefore ? Math.max(spaceStart(text, from), done) : from;
      const end = token.takesSpaceAfter ? spaceEnd(text, to) : to;
      if (done < start) fragments.push({ text: text.slice(done, start), start: done });
      if (start < end) fragments.push({ id: token.id });
      done = end;
    }
    if (done < text.length) fragments.push({ text: text.slice(done), start: done });
    return fragments;
  }

  #tokenAt(text: string, at: number): AddedToken | undefined {
    for (const length of this.#lengths.get(text.charAt(at)) ?? []) {
      const token = this.#byText.get(text.slice(at, at + length));
      if (token) return token;
    }
    return undefined;
  }
}

function endsWithWord(text: string, end: number): boolean {
  const before = text.slice(Math.max(0, end - 2), end);
  return WORD.test([...before].at(-1) ?? '');
}

function startsWithWord(text: string, start: number): boolean {
  return WORD.test([...text.slice(start, start + 2)][0] ?? '');
}

function spaceStart(text: string, end: number): number {
  let start = end;
  while (start > 0 && SPACE.test(text.charAt(start - 1))) start -= 1;
  return start;
}

function spaceEnd(text: string, start: number): number {
  let end = start;
  while (end < text.length && SPACE.test(text.charAt(end))) end += 1;
  return end;
}
