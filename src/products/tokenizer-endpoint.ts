/** What the tokenizer endpoints of several products share. */
import type { CountedPrompt, TextPrompt } from '../model/api.ts';
import { isJsonObject, type JsonObject } from '../model/json.ts';
import type { Authority, Reference } from '../model/reference.ts';
import type { Asker, TokenizerEndpoints } from './product.ts';

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
function lengthOf(tokens: unknown): number | null {
  return Array.isArray(tokens) && !tokens.some(Array.isArray) ? tokens.length : null;
}

/** For endpoints known from public documentation and sources only: they warn, and fail nobody by themselves. */
const UNTRIED = 'this endpoint was not tried with a real server; it may treat special tokens otherwise';

type Request = { readonly path: string; readonly body: JsonObject } | null;

/**
 * An endpoint that was not tried with a real server: one POST, and a field of its answer with the count or the list of
 * tokens.
 * @param slack a token that the endpoint leaves out, or puts in, where a request may not
 */
export function documented(
  request: (prompt: TextPrompt, model: string | null) => Request,
  fields: readonly string[],
  slack?: { readonly below: number; readonly above: number },
): TokenizerEndpoints {
  return {
    async count(prompt: CountedPrompt, { model, post }: Asker): Promise<readonly Reference[]> {
      if (prompt.kind === 'ids' || prompt.hiddenBy !== null) return [];
      const asked = request(prompt, model);
      if (asked === null) return [];
      const made = await post(asked.path, asked.body);
      const counted = lengthOf(made) ?? countIn(made, ...fields);
      return fromEndpoint(asked.path, counted, UNTRIED).map((reference) => ({
        ...reference,
        ...(slack === undefined ? {} : { slack }),
      }));
    },
  };
}

/** The model's name as a field of a request, where it is known. */
export const named = (model: string | null): JsonObject => (model === null ? {} : { model });
