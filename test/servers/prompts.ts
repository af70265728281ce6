import { isJson, type Json, refuse } from './request.ts';
import { pieces } from './tokenizer.ts';

/** <bos><user> … <end><assistant>: what the chat template adds. */
const TEMPLATE_TOKENS = 6;
const TOKENS_PER_MESSAGE = 3;
const TOKENS_PER_IMAGE = 85;
const BOS = 1;

export interface Prompts {
  texts: string[];
  tokens: number[];
  list: boolean;
  tokenIds: boolean;
}

function contentText(content: unknown): string {
  if (typeof content === 'string') return content;
  if (content === null || content === undefined) return '';
  if (!Array.isArray(content)) return refuse('Invalid content', 'messages');
  return content
    .map((part: unknown) => (isJson(part) && typeof part.text === 'string' ? part.text : ''))
    .join('\n');
}

/** Pictures and calls beside the text. */
function tokensBesideText({ content, tool_calls: calls }: Json): number {
  const images = Array.isArray(content)
    ? content.filter((part) => isJson(part) && part.type === 'image_url').length
    : 0;
  return images * TOKENS_PER_IMAGE + (Array.isArray(calls) ? pieces(JSON.stringify(calls)).length : 0);
}

export function chatPrompt(body: Json, tools: Json[]): Prompts {
  const messages = body.messages;
  if (!Array.isArray(messages) || messages.length === 0)
    return refuse("'messages' is a required array", 'messages');
  const texts = messages.map((message: unknown) => {
    if (!isJson(message) || typeof message.role !== 'string') return refuse('Invalid message', 'messages');
    return contentText(message.content);
  });
  const text = texts.join('\n');
  const toolTokens = tools.length > 0 ? pieces(JSON.stringify(tools)).length : 0;
  const beside = messages.filter(isJson).reduce((sum, message) => sum + tokensBesideText(message), 0);
  const tokens =
    TEMPLATE_TOKENS + TOKENS_PER_MESSAGE * texts.length + pieces(text).length + toolTokens + beside;
  return { texts: [text], tokens: [tokens], list: false, tokenIds: false };
}

const isIds = (value: unknown): value is number[] =>
  Array.isArray(value) && value.length > 0 && value.every((entry) => Number.isInteger(entry));

export function legacyPrompts(body: Json): Prompts {
  const prompt = body.prompt;
  if (typeof prompt === 'string') return fromTexts([prompt], false);
  if (isIds(prompt)) return fromIds([prompt], false);
  if (!Array.isArray(prompt) || prompt.length === 0) return refuse("'prompt' is required", 'prompt');
  if (prompt.every((entry) => typeof entry === 'string')) return fromTexts(prompt, true);
  if (prompt.every(isIds)) return fromIds(prompt, true);
  return refuse('Invalid prompt', 'prompt');
}

function fromTexts(texts: string[], list: boolean): Prompts {
  return { texts, tokens: texts.map((text) => BOS + pieces(text).length), list, tokenIds: false };
}

function fromIds(ids: number[][], list: boolean): Prompts {
  const texts = ids.map((row) => row.map((id) => `#${id}`).join(' '));
  return { texts, tokens: ids.map((row) => row.length), list, tokenIds: true };
}
