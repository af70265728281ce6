/** A tokenizer on this machine (`--tokenizer`). */

import type { CountedPrompt, TextPrompt } from '../model/api.ts';
import type { Reference } from '../model/reference.ts';
import type { Counting } from '../products/product.ts';
import { type Tokenizer, TokenizerError } from '../tokenizer/index.ts';

/** What is known of the server that the local tokenizer stands in for. */
export interface LocalRules extends Omit<Counting, 'ownTemplate'> {
  /** The server is known, or may be thought, not to render chats by the template in the model's file. */
  readonly otherTemplate?: boolean;
  /** The prompt as the server's own template makes it of these messages; null where it does not tell. */
  readonly rendered: string | null;
}

/** "gguf" or "huggingface", as reports call it. */
export const nameOf = (tokenizer: Tokenizer): string => tokenizer.describe.split(':', 1)[0] ?? 'tokenizer';

/** null where it cannot count such a prompt, or must not: tools and JSON mode may add what nobody sees. */
export function localPrompt(
  tokenizer: Tokenizer,
  prompt: CountedPrompt,
  rules: LocalRules,
): Reference | null {
  if (prompt.kind === 'ids' || prompt.hiddenBy !== null) return null;
  if (prompt.kind === 'text' && rules.templatesText === true) return null;
  const name = nameOf(tokenizer);
  const base = { source: 'tokenizer', name } as const;
  try {
    if (prompt.kind === 'text') {
      const count = tokenizer.count(prompt.text, { addSpecial: true, parseSpecial: true });
      return rules.asGgufSays === true && name === 'gguf'
        ? { ...base, authority: 'exact', count }
        : { ...base, authority: 'template-dependent', count, doubt: DOUBT_OF_TEXT };
    }
    const { chat } = tokenizer;
    if (chat === undefined || rules.otherTemplate === true) return null;
    const count = chat.count(prompt.messages);
    const doubt = doubtOf(chat.doubt(prompt.messages), chat.render(prompt.messages), rules);
    return doubt === null
      ? { ...base, authority: 'exact', count }
      : { ...base, authority: 'template-dependent', count, doubt, ...doubtfulBos(tokenizer, prompt, rules) };
  } catch (error) {
    if (error instanceof TokenizerError) return null;
    throw error;
  }
}

const DOUBT_OF_TEXT = 'whether the server adds a beginning-of-text token, or a template, is not known';

function doubtfulBos(
  { addsBos }: Tokenizer,
  { translated }: TextPrompt,
  { chatsMayLackBos, translatedMayAddBos }: LocalRules,
): Pick<Reference, 'slack'> {
  const below = addsBos && chatsMayLackBos === true ? 1 : 0;
  const above = addsBos && translated === true && translatedMayAddBos === true ? 1 : 0;
  return below + above > 0 ? { slack: { below, above } } : {};
}

/** A local count is exact only where the server's own template makes the same text. */
function doubtOf(own: string | undefined, rendered: string, rules: LocalRules): string | null {
  if (own !== undefined) return own;
  if (rules.asGgufSays !== true || rules.rendered === null)
    return 'whether the server uses this chat template is not known';
  return rules.rendered === rendered ? null : 'the server uses another chat template';
}
