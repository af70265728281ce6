import { join } from 'node:path';
import { isRecord } from './chat-messages.ts';
import { compileChatTemplate } from './chat-template.ts';
import { contentOf, readJson, readText } from './huggingface-files.ts';
import type { Chat, ChatMessage, EncodeOptions, RenderOptions } from './tokenizer.ts';

/**
 * The chat template of a Hugging Face directory, used as `apply_chat_template` does: the template writes every special
 * token itself, and the tokenizer adds none.
 *
 * @returns undefined where there is no template
 * @throws TokenizerError when it cannot be parsed
 */
export async function huggingFaceChat(
  directory: string,
  config: Record<string, unknown>,
  specialTokens: Record<string, unknown>,
  encode: (text: string, options: EncodeOptions) => number[],
): Promise<Chat | undefined> {
  const found = await findTemplates(directory, config);
  if (!found) return undefined;
  const main = compileChatTemplate(found.file, found.main, 'python');
  const withTools = found.tools === undefined ? main : compileChatTemplate(found.file, found.tools, 'python');
  const texts: Record<string, string> = {};
  for (const [name, token] of Object.entries(specialTokens)) {
    const text = name.endsWith('_token') ? contentOf(token) : undefined;
    if (text !== undefined) texts[name] = text;
  }

  const render = (messages: readonly ChatMessage[], options: RenderOptions = {}): string => {
    const tools = options.tools && options.tools.length > 0 ? options.tools : undefined;
    return (tools ? withTools : main).render({
      ...texts,
      messages,
      tools: tools ?? null,
      documents: null,
      ...options.extra,
      add_generation_prompt: options.addGenerationPrompt ?? true,
    });
  };
  const ids = (messages: readonly ChatMessage[], options?: RenderOptions): number[] =>
    encode(render(messages, options), { parseSpecial: true });
  return {
    source: 'model',
    render,
    ids,
    count: (messages, options) => ids(messages, options).length,
    doubt: doubtAbout,
  };
}

/** What is not plain text is written out by Python, where a template does no more than print it. */
function doubtAbout(messages: readonly ChatMessage[], options: RenderOptions = {}): string | undefined {
  const usesTools = messages.some((message) => message.role === 'tool' || message.tool_calls !== undefined);
  if (usesTools || (options.tools?.length ?? 0) > 0) return 'tools may be shown in another form';
  if (messages.some(({ content }) => typeof content !== 'string'))
    return 'a content that is not plain text may be shown in another way';
  return messages.some((message) => message.reasoning_content !== undefined)
    ? 'thoughts may be shown in another way'
    : undefined;
}

interface FoundTemplates {
  readonly file: string;
  readonly main: string;
  readonly tools?: string;
}

/** `chat_template.jinja` goes before `chat_template.json`, and both before the configuration. */
async function findTemplates(
  directory: string,
  config: Record<string, unknown>,
): Promise<FoundTemplates | undefined> {
  const jinja = join(directory, 'chat_template.jinja');
  const source = await readText(jinja);
  if (source !== undefined) return { file: jinja, main: source };
  const json = join(directory, 'chat_template.json');
  const wrapped = (await readJson(json))?.chat_template;
  if (typeof wrapped === 'string') return { file: json, main: wrapped };
  const file = join(directory, 'tokenizer_config.json');
  const configured = config.chat_template;
  if (typeof configured === 'string') return { file, main: configured };
  if (!Array.isArray(configured)) return undefined;
  const named = new Map(
    configured.filter(isRecord).map((entry) => [String(entry.name), String(entry.template)] as const),
  );
  const main = named.get('default') ?? [...named.values()][0];
  const tools = named.get('tool_use');
  if (main === undefined) return undefined;
  return { file, main, ...(tools === undefined ? {} : { tools }) };
}
