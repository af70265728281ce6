/** What a product's file tells of the tokenizer endpoints its server offers. */
import { isJsonObject, type JsonObject } from '../../model/json.ts';
import type { Authority, Reference } from '../../model/reference.ts';
import type { CountedPrompt } from '../counted-request.ts';

/** Asks the server under test; bounded, and never throws. */
export interface Asker {
  readonly model: string | null;
  /** @returns the JSON of a 200; undefined for anything else. @param path below the server's root, not below `/v1` */
  post(path: string, body: JsonObject): Promise<unknown>;
}

export interface TokenizerEndpoints {
  /** Counts a prompt as far as the product can; empty where it can't. */
  count(prompt: CountedPrompt, ask: Asker): Promise<readonly Reference[]>;
  /** The prompt of a chat as text, as the server's own template makes it. */
  render?(prompt: CountedPrompt, ask: Asker): Promise<string | null>;
  /** The tokens of a text as it stands, with the beginning-of-text token where the model has one. */
  tokensOf?(text: string, ask: Asker): Promise<number | null>;
}

/** A reference to the server's own word. Of no tokens at all none is made: that is an endpoint that does not count. */
export function fromEndpoint(name: string, count: number | null, doubt?: string): readonly Reference[] {
  if (count === null || count === 0) return [];
  const authority: Authority = doubt === undefined ? 'exact' : 'template-dependent';
  return [{ source: 'endpoint', name, authority, count, ...(doubt === undefined ? {} : { doubt }) }];
}

/** The number, or the length of the list of tokens, that a field of an answer holds; null where it holds neither. */
export function countIn(value: unknown, ...fields: readonly string[]): number | null {
  if (!isJsonObject(value)) return null;
  for (const field of fields) {
    const held = value[field];
    if (typeof held === 'number' && Number.isSafeInteger(held) && held >= 0) return held;
    const tokens = field.startsWith('token') ? lengthOf(held) : null;
    if (tokens !== null) return tokens;
  }
  return null;
}

/** The number of tokens in a list; null for anything else, such as a list of lists: the answer about several texts. */
export function lengthOf(tokens: unknown): number | null {
  return Array.isArray(tokens) && !tokens.some(Array.isArray) ? tokens.length : null;
}

/** For endpoints known from public documentation only: they warn, and fail nobody by themselves. */
export const UNTRIED =
  'this endpoint was not tried with a real server; it may treat special tokens otherwise';
