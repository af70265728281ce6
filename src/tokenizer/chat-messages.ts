import { MessagesError } from './tokenizer-error.ts';

/** A chat message as in a request body, unchecked. */
export type ChatMessage = Readonly<Record<string, unknown>>;

/** A message in the form that llama.cpp gives to templates. */
export type TemplateMessage = Record<string, unknown> & { role: string; content: string | TextPart[] };
export type TextPart = { type: 'text'; text: string };

/**
 * Checks messages and brings them into the one form that templates get from llama.cpp's server
 * (`common_chat_msgs_parse_oaicompat`): `content` is always there, tool arguments are JSON text, unknown keys are gone.
 *
 * @throws MessagesError naming the message that is wrong
 */
export function templateMessages(file: string, messages: readonly unknown[]): TemplateMessage[] {
  return messages.map((message, index) => {
    const wrong = (problem: string): MessagesError =>
      new MessagesError(file, `message ${index + 1} ${problem}; mend the messages`);
    if (!isRecord(message)) throw wrong('is not an object');
    const { role, tool_calls: calls } = message;
    if (typeof role !== 'string') throw wrong('has no role');
    if (message.content === undefined && calls === undefined)
      throw wrong('has neither content nor tool_calls');
    const made: TemplateMessage = { role, content: contentOf(message.content, wrong) };
    for (const key of ['reasoning_content', 'name', 'tool_call_id']) {
      const value = message[key];
      if (typeof value === 'string' && value !== '') made[key] = value;
    }
    if (Array.isArray(calls) && calls.length > 0)
      made.tool_calls = calls.map((call) => toolCall(call, wrong));
    return made;
  });
}

function contentOf(content: unknown, wrong: (problem: string) => MessagesError): string | TextPart[] {
  if (content === undefined || content === null) return '';
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) throw wrong('has a content that is neither text nor a list');
  const parts = content.map((part: unknown): TextPart => {
    if (!isRecord(part) || part.type !== 'text' || typeof part.text !== 'string') {
      throw wrong('has a part that is not text, which cannot be counted here');
    }
    return { type: 'text', text: part.text };
  });
  return parts.length === 0 ? '' : parts;
}

function toolCall(call: unknown, wrong: (problem: string) => MessagesError): Record<string, unknown> {
  const called = isRecord(call) && call.type === 'function' ? call.function : undefined;
  if (!isRecord(call) || !isRecord(called) || typeof called.name !== 'string') {
    throw wrong('has a tool call without a function and its name');
  }
  const given = called.arguments;
  const made: Record<string, unknown> = {
    type: 'function',
    function: {
      name: called.name,
      arguments: typeof given === 'string' ? given : JSON.stringify(given ?? null),
    },
  };
  if (typeof call.id === 'string' && call.id !== '') made.id = call.id;
  return made;
}

/** Tools in the form that templates get from llama.cpp's server; nothing where there are none. */
export function templateTools(file: string, tools: readonly unknown[] | undefined): unknown[] | undefined {
  if (tools === undefined || tools.length === 0) return undefined;
  return tools.map((tool, index) => {
    const described = isRecord(tool) && tool.type === 'function' ? tool.function : undefined;
    if (!isRecord(described) || typeof described.name !== 'string') {
      throw new MessagesError(file, `tool ${index + 1} is not a function with a name; mend the tools`);
    }
    return {
      type: 'function',
      function: {
        name: described.name,
        description: described.description ?? '',
        parameters: described.parameters ?? {},
      },
    };
  });
}

/** Joins the parts of a content as the server does for templates that know text only. */
export function joinParts(content: string | readonly TextPart[]): string {
  return typeof content === 'string' ? content : content.map((part) => part.text).join('\n');
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
