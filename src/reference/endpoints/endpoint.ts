/** What a product's file tells of the tokenizer endpoints its server offers. */
import { isJsonObject, type JsonObject } from '../../json.ts';
import type { CountedPrompt } from '../counted-request.ts';
import type { Authority, Reference } from '../reference.ts';

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

/** The number, or the length of the list, that a field of an answer holds; null where it holds neither. */
export function countIn(value: unknown, ...fields: readonly string[]): number | null {
  if (!isJsonObject(value)) return null;
  for (const field of fields) {
    const held = value[field];
    if (typeof held === 'number' && Number.isSafeInteger(held) && held >= 0) return held;
    if (Array.isArray(held)) return held.length;
  }
  return null;
}

/** For endpoints known from public documentation only: they warn, and fail nobody by themselves. */
export const UNTRIED =
  'this endpoint was not tried with a real server; it may treat special tokens otherwise';
