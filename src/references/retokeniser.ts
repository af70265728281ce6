/** Counts generated text again, behind its prompt: with the local tokenizer, or else with the server's own. */

import type { TextPrompt } from '../model/api.ts';
import type { Reference } from '../model/reference.ts';
import type { Asker, TokenizerEndpoints } from '../products/product.ts';
import { type Tokenizer, TokenizerError } from '../tokenizer/index.ts';
import { nameOf } from './local.ts';

const DOUBT = 'the generated text was tokenized again; white space at its ends may have been trimmed';

export class Retokeniser {
  readonly #tokenizer: Tokenizer | null;
  readonly #endpoints: TokenizerEndpoints | null;
  readonly #asker: Asker;

  constructor(tokenizer: Tokenizer | null, endpoints: TokenizerEndpoints | null, asker: Asker) {
    this.#tokenizer = tokenizer;
    this.#endpoints = endpoints;
    this.#asker = asker;
  }

  /** null where no tokenizer is at hand. */
  async count(prompt: TextPrompt, text: string): Promise<Reference | null> {
    const local = this.#tokenizer === null ? null : locally(this.#tokenizer, prompt, text);
    if (local !== null) return local;
    const remote = await this.#remotely(prompt, text);
    return remote === null ? null : made('endpoint', '/tokenize', remote);
  }

  async #remotely(prompt: TextPrompt, text: string): Promise<number | null> {
    const tokensOf = this.#endpoints?.tokensOf;
    if (tokensOf === undefined) return null;
    const before =
      prompt.kind === 'text' ? prompt.text : ((await this.#endpoints?.render?.(prompt, this.#asker)) ?? null);
    if (before === null) return null;
    const [without, withText] = [
      await tokensOf(before, this.#asker),
      await tokensOf(before + text, this.#asker),
    ];
    return without === null || withText === null ? null : withText - without;
  }
}

function locally(tokenizer: Tokenizer, prompt: TextPrompt, text: string): Reference | null {
  const options = { addSpecial: true, parseSpecial: true };
  try {
    const before = prompt.kind === 'text' ? prompt.text : tokenizer.chat?.render(prompt.messages);
    if (before === undefined) return null;
    const count = tokenizer.count(before + text, options) - tokenizer.count(before, options);
    return made('tokenizer', nameOf(tokenizer), count);
  } catch (error) {
    if (error instanceof TokenizerError) return null;
    throw error;
  }
}

const made = (source: 'tokenizer' | 'endpoint', name: string, count: number): Reference => ({
  source,
  name: `${name} over the text`,
  authority: 'template-dependent',
  count,
  doubt: DOUBT,
});
