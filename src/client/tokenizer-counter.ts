import { openAiApiOf } from '../apis/openai-apis.ts';
import type { CountedPrompt } from '../model/api.ts';
import { loadTokenizer, type Tokenizer } from '../tokenizer/index.ts';
import { type Counter, countFrom } from './report.ts';

/**
 * Counts by a tokenizer on this machine. Whether the server uses the same one, and the same template, is not known: its
 * counts are estimates. Prompts with tools or pictures are not counted.
 * @param tokenizer a loaded one, or the path of a GGUF file, a `tokenizer.json` or its folder, loaded at the first count
 */
export function tokenizerCounter(tokenizer: Tokenizer | string): Counter {
  let loading: Promise<Tokenizer> | null = null;
  return async ({ request, texts }) => {
    const asked = openAiApiOf(request)?.readRequest(request).prompt ?? null;
    if (asked === null) return null;
    loading ??= typeof tokenizer === 'string' ? loadTokenizer(tokenizer) : Promise.resolve(tokenizer);
    const loaded = await loading;
    const prompt = promptCount(loaded, asked);
    const completion = texts.reduce((sum, text) => sum + loaded.count(text), 0);
    return prompt === null ? null : countFrom(prompt, completion);
  };
}

/** null where it cannot be counted. */
function promptCount(tokenizer: Tokenizer, prompt: CountedPrompt): number | null {
  if (prompt.kind === 'ids') return prompt.count;
  if (prompt.hiddenBy !== null) return null;
  if (prompt.kind === 'text') return tokenizer.count(prompt.text, { addSpecial: true, parseSpecial: true });
  return tokenizer.chat?.count(prompt.messages) ?? null;
}
