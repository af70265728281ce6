/** llama.cpp's server: `/apply-template` and `/tokenize`, and `/v1/chat/completions/input_tokens`. Tried with b11549. */
import { isJsonObject } from '../../model/json.ts';
import type { Reference } from '../../model/reference.ts';
import { type CountedPrompt, hiddenPromptBy, unstreamed } from '../counted-request.ts';
import { type Asker, countIn, fromEndpoint, type TokenizerEndpoints } from './endpoint.ts';

/** Since build 4589, which is newer than `add_special`: older servers tokenize without a beginning-of-text token. */
const APPLY_TEMPLATE = '/apply-template';

async function render(prompt: CountedPrompt, { post }: Asker): Promise<string | null> {
  if (prompt.kind !== 'chat') return null;
  const made = await post(APPLY_TEMPLATE, unstreamed(prompt.body));
  const text = isJsonObject(made) ? made['prompt'] : undefined;
  return typeof text === 'string' && text !== '' ? text : null;
}

async function tokensOf(text: string, { post }: Asker): Promise<number | null> {
  const made = await post('/tokenize', { content: text, add_special: true, parse_special: true });
  return countIn(made, 'tokens');
}

async function count(prompt: CountedPrompt, ask: Asker): Promise<readonly Reference[]> {
  if (prompt.kind === 'ids') return [];
  if (prompt.kind === 'text') {
    const modern = await render(HELLO, ask);
    const doubt =
      modern === null ? 'an old server may leave out the beginning-of-text token here' : undefined;
    return fromEndpoint('/tokenize', await tokensOf(prompt.text, ask), doubt);
  }
  const hidden = hiddenPromptBy(prompt.body);
  const doubt = hidden === null ? undefined : `${hidden} may add to the prompt what nobody sees`;
  const text = await render(prompt, ask);
  const counted = await ask.post('/v1/chat/completions/input_tokens', unstreamed(prompt.body));
  return [
    ...(text === null ? [] : fromEndpoint('/tokenize', await tokensOf(text, ask), doubt)),
    ...fromEndpoint('/input_tokens', countIn(counted, 'input_tokens'), doubt),
  ];
}

/** Tells whether the server is new enough. */
const HELLO: CountedPrompt = (() => {
  const messages = [{ role: 'user', content: 'Hello' }];
  return { kind: 'chat', messages, body: { messages } };
})();

export const llamaCpp: TokenizerEndpoints = { count, render, tokensOf };
