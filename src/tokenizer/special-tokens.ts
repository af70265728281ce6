import { withoutSpaceAtEnd, withoutSpaceAtStart } from './ascii-space.ts';
import type { PackedStrings } from './packed-strings.ts';
import { exactString } from './packed-strings.ts';
import { ATTRIBUTE, type TokenAttributes } from './token-attributes.ts';

/** A token that is found in a text by its own text, before any other rule. */
export interface AddedToken {
  readonly id: number;
  readonly text: string;
  /** False for control tokens: they count as text unless special tokens are asked for. */
  readonly always: boolean;
  readonly takesSpaceBefore: boolean;
  readonly takesSpaceAfter: boolean;
}

/** A stretch of text that is still to be tokenized, or a token that was found. */
export type Fragment = string | number;

/**
 * All tokens to be looked for in texts, the longest (in bytes) first, as llama.cpp tries them. (Among equally long ones
 * its order is left to the sorting; that could show only where two such tokens overlap in a text.)
 */
export function addedTokensOf(tokens: PackedStrings, attributes: TokenAttributes): AddedToken[] {
  const found: (AddedToken & { readonly bytes: number })[] = [];
  for (let id = 0; id < tokens.count; id += 1) {
    const bits = attributes[id] ?? 0;
    if ((bits & (ATTRIBUTE.control | ATTRIBUTE.userDefined | ATTRIBUTE.unknown)) === 0) continue;
    const bytes = (tokens.ends[id] ?? 0) - (tokens.starts[id] ?? 0);
    // llama.cpp gives an empty token this text.
    const text = bytes === 0 ? `[EMPTY_${id}]` : exactString(tokens, id);
    if (text === undefined) continue;
    found.push({
      id,
      text,
      bytes: bytes || text.length,
      always: (bits & (ATTRIBUTE.control | ATTRIBUTE.unknown)) === 0,
      takesSpaceBefore: (bits & ATTRIBUTE.takesSpaceBefore) !== 0,
      takesSpaceAfter: (bits & ATTRIBUTE.takesSpaceAfter) !== 0,
    });
  }
  return found.sort((a, b) => b.bytes - a.bytes);
}

/** Finds added tokens in texts. */
export class AddedTokenFinder {
  readonly #tokens: readonly AddedToken[];
  /** By their first character: the tokens' lengths, so that a text is looked through once and not once a token. */
  readonly #lengths = new Map<string, Set<number>>();
  readonly #texts = new Set<string>();

  constructor(tokens: readonly AddedToken[]) {
    this.#tokens = tokens;
    for (const { text } of tokens) {
      this.#texts.add(text);
      const first = text.charAt(0);
      const lengths = this.#lengths.get(first) ?? new Set();
      this.#lengths.set(first, lengths.add(text.length));
    }
  }

  /**
   * Cuts a text at its added tokens: token by token over the whole text, not from left to right, so that of two that
   * overlap the longer wins wherever it stands.
   */
  split(text: string): Fragment[] {
    let fragments: Fragment[] = text === '' ? [] : [text];
    const present = this.#textsIn(text);
    if (present.size === 0) return fragments;
    for (const token of this.#tokens) {
      if (!present.has(token.text)) continue;
      fragments = fragments.flatMap((fragment) =>
        typeof fragment === 'string' ? cutAt(fragment, token) : fragment,
      );
    }
    return fragments;
  }

  #textsIn(text: string): Set<string> {
    const present = new Set<string>();
    if (this.#tokens.length === 0) return present;
    for (let at = 0; at < text.length; at += 1) {
      const lengths = this.#lengths.get(text.charAt(at));
      if (!lengths) continue;
      for (const length of lengths) {
        const part = text.slice(at, at + length);
        if (this.#texts.has(part)) present.add(part);
      }
    }
    return present;
  }
}

function cutAt(text: string, token: AddedToken): Fragment[] {
  const fragments: Fragment[] = [];
  let rest = text;
  for (let at = rest.indexOf(token.text); at >= 0; at = rest.indexOf(token.text)) {
    const before = rest.slice(0, at);
    const left = token.takesSpaceBefore ? withoutSpaceAtEnd(before) : before;
    if (left !== '') fragments.push(left);
    fragments.push(token.id);
    const after = rest.slice(at + token.text.length);
    rest = token.takesSpaceAfter ? withoutSpaceAtStart(after) : after;
  }
  if (rest !== '') fragments.push(rest);
  return fragments;
}
