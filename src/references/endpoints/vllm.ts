/** vLLM: `/tokenize`, with messages or a prompt (entrypoints/serve/tokenize in its sources). Tried with 0.32.0. */
import type { JsonObject } from '../../model/json.ts';
import type { Reference } from '../../model/reference.ts';
import { type CountedPrompt, hiddenPromptBy } from '../counted-request.ts';
import { type Asker, countIn, fromEndpoint, type TokenizerEndpoints } from './endpoint.ts';

/** Fields of a chat request that its prompt depends on, and that the endpoint knows as well. */
const SEEN = [
  ...['tools', 'chat_template', 'chat_template_kwargs'],
  ...['add_generation_prompt', 'continue_final_message', 'add_special_tokens'],
];

async function count(prompt: CountedPrompt, { model, post }: Asker): Promise<readonly Reference[]> {
  if (prompt.kind === 'ids') return [];
  const named = model === null ? {} : { model };
  if (prompt.kind === 'text') {
    const { add_special_tokens = true } = prompt.body;
    const made = await post('/tokenize', { ...named, prompt: prompt.text, add_special_tokens });
    return fromEndpoint('/tokenize', countIn(made, 'count', 'tokens'));
  }
  const seen: JsonObject = Object.fromEntries(
    SEEN.flatMap((name) => (prompt.body[name] === undefined ? [] : [[name, prompt.body[name]]])),
  );
  const made = await post('/tokenize', {
    ...named,
    messages: prompt.messages,
    add_generation_prompt: true,
    ...seen,
  });
  const hidden = hiddenPromptBy(prompt.body);
  const doubt = hidden === null ? undefined : `${hidden} may add to the prompt what nobody sees`;
  return fromEndpoint('/tokenize', countIn(made, 'count', 'tokens'), doubt);
}

async function tokensOf(text: string, { model, post }: Asker): Promise<number | null> {
  const named = model === null ? {} : { model };
  return countIn(
    await post('/tokenize', { ...named, prompt: text, add_special_tokens: true }),
    'count',
    'tokens',
  );
}

export const vllm: TokenizerEndpoints = { count, tokensOf };
