import {
  type ChatMessage,
  joinParts,
  type TemplateMessage,
  templateMessages,
  templateTools,
} from './chat-messages.ts';
import type { ChatTemplate } from './chat-template.ts';
import { compileChatTemplate } from './chat-template.ts';
import type { GgufTokenizer } from './gguf-tokenizer.ts';
import { adaptedMessages } from './message-adaptation.ts';
import { abilitiesOf, type TemplateAbilities } from './template-abilities.ts';
import type { Chat, RenderOptions } from './tokenizer.ts';
import { MessagesError } from './tokenizer-error.ts';

/** What llama.cpp takes where a model has no template (`common_chat_templates_init` in common/chat.cpp). */
const DEFAULT_TEMPLATE = [
  '{%- for message in messages -%}',
  "{{- '<|im_start|>' + message.role + '\\n' + message.content + '<|im_end|>\\n' -}}",
  '{%- endfor -%}',
  "{%- if add_generation_prompt -%}{{- '<|im_start|>assistant\\n' -}}{%- endif -%}",
].join('');

/** Prompts as llama.cpp's server makes them for `/v1/chat/completions`, in its default settings. */
export function llamaChat(tokenizer: GgufTokenizer): Chat {
  const { vocabulary } = tokenizer;
  const { file } = vocabulary;
  const own = vocabulary.chatTemplate === 'chatml' ? '' : vocabulary.chatTemplate;
  const main = own || vocabulary.toolTemplate || DEFAULT_TEMPLATE;
  const withoutTools = onFirstUse(() => compileChatTemplate(file, main, 'llama.cpp'));
  const withTools = vocabulary.toolTemplate
    ? onFirstUse(() => compileChatTemplate(file, vocabulary.toolTemplate ?? main, 'llama.cpp'))
    : withoutTools;

  const render = (messages: readonly ChatMessage[], options: RenderOptions = {}): string => {
    const tools = templateTools(file, options.tools);
    const prepared = (tools ? withTools : withoutTools)();
    const { template, abilities } = prepared;
    const prompt = (turns: readonly TemplateMessage[], addGenerationPrompt: boolean): string =>
      withoutDoubledEnds(
        tokenizer,
        promptOf(tokenizer, prepared, turns, tools, addGenerationPrompt, options),
      );

    const given = templateMessages(file, messages);
    const last = given.at(-1);
    if (last?.role !== 'assistant' || options.addGenerationPrompt !== undefined) {
      const turns = adaptedMessages(file, given, template.source, abilities);
      return withGemmaTurn(template.source, prompt(turns, options.addGenerationPrompt ?? true), options);
    }
    // The server lets the model go on with a last message of its own.
    if (given.at(-2)?.role === 'assistant') {
      throw new MessagesError(
        file,
        'the last two messages are both of the assistant, which llama.cpp refuses; leave one out',
      );
    }
    const turns = adaptedMessages(file, given.slice(0, -1), template.source, abilities);
    const closed = prompt(turns, false);
    return closed + beyondCommonStart(closed, prompt(turns, true)) + joinParts(last.content);
  };
  const ids = (messages: readonly ChatMessage[], options?: RenderOptions): number[] =>
    tokenizer.encode(render(messages, options), { parseSpecial: true, addSpecial: true });

  return {
    source: own || vocabulary.toolTemplate ? 'model' : 'default-chatml',
    render,
    ids,
    count: (messages, options) => ids(messages, options).length,
    doubt: (messages, options) => doubtAbout(withoutTools().abilities, messages, options),
  };
}

interface Prepared {
  readonly template: ChatTemplate;
  readonly abilities: TemplateAbilities;
}

/** Compiles and tries out at the first use: most tokenizers are loaded for text alone. */
function onFirstUse(compile: () => ChatTemplate): () => Prepared {
  let made: Prepared | undefined;
  return () => {
    if (!made) {
      const template = compile();
      made = { template, abilities: abilitiesOf(template) };
    }
    return made;
  };
}

function promptOf(
  tokenizer: GgufTokenizer,
  { template, abilities }: Prepared,
  messages: readonly TemplateMessage[],
  tools: unknown[] | undefined,
  addGenerationPrompt: boolean,
  options: RenderOptions,
): string {
  const { bosId, eosId } = tokenizer.vocabulary;
  return template.render({
    messages,
    bos_token: tokenizer.textOf(bosId),
    eos_token: tokenizer.textOf(eosId),
    enable_thinking: abilities.thinking === 'on',
    ...(tools ? { tools } : {}),
    ...datesOf(new Date()),
    ...options.extra,
    ...(addGenerationPrompt ? { add_generation_prompt: true } : {}),
  });
}

/** `date_string` and `datetime` as llama.cpp gives them, in local time. */
function datesOf(now: Date): Record<string, string> {
  const day = String(now.getDate()).padStart(2, '0');
  const month = now.toLocaleString('en-US', { month: 'short' });
  const year = now.getFullYear();
  return { date_string: `${day} ${month} ${year}`, datetime: `${month} ${day} ${year}` };
}

/** Template and tokenizer both know of the tokens at the ends: what the tokenizer adds, the template must not. */
function withoutDoubledEnds(tokenizer: GgufTokenizer, prompt: string): string {
  const { addBos, addEos, bosId, eosId } = tokenizer.vocabulary;
  const bos = addBos ? tokenizer.textOf(bosId) : '';
  const eos = addEos ? tokenizer.textOf(eosId) : '';
  const begun = prompt.startsWith(bos) ? prompt.slice(bos.length) : prompt;
  return eos !== '' && begun.endsWith(eos) ? begun.slice(0, -eos.length) : begun;
}

/** Gemma 4: a model turn is opened where the template has not done so. */
function withGemmaTurn(source: string, prompt: string, options: RenderOptions): string {
  const opens =
    source.includes("'<|tool_call>call:'") &&
    options.addGenerationPrompt !== false &&
    prompt.endsWith('<turn|>\n');
  return opens ? `${prompt}<|turn>model\n` : prompt;
}

function beyondCommonStart(short: string, long: string): string {
  let at = 0;
  while (at < short.length && at < long.length && short[at] === long[at]) at += 1;
  return long.slice(at);
}

/** Where llama.cpp does more than is done here, or what it does has changed from version to version. */
function doubtAbout(
  abilities: TemplateAbilities,
  messages: readonly ChatMessage[],
  options: RenderOptions = {},
): string | undefined {
  if (messages.at(-1)?.role === 'assistant')
    return 'the server continues a last message of the assistant in its own way';
  if (messages.some(({ content }) => Array.isArray(content)))
    return 'a content in parts may be joined in another way';
  const usesTools = messages.some((message) => message.role === 'tool' || message.tool_calls !== undefined);
  if (usesTools || (options.tools?.length ?? 0) > 0) return 'tools may be shown in another form';
  return abilities.thinking === 'unsure' ? 'thinking may be on or off by default' : undefined;
}
