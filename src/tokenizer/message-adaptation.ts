import { withoutSpaceAtEnd, withoutSpaceAtStart } from './ascii-space.ts';
import { isRecord, joinParts, type TemplateMessage } from './chat-messages.ts';
import type { TemplateAbilities } from './template-abilities.ts';
import { MessagesError } from './tokenizer-error.ts';

/** StepFun 3.5: the model loses itself in thoughts when white space is left around a content. */
const STEPFUN_MARK = 'You have access to the following functions in JSONSchema format';

function trimmed(content: TemplateMessage['content']): TemplateMessage['content'] {
  const trim = (text: string): string => withoutSpaceAtEnd(withoutSpaceAtStart(text));
  return typeof content === 'string'
    ? trim(content)
    : content.map((part) => ({ ...part, text: trim(part.text) }));
}

/** What llama.cpp changes about messages to suit a template. */
export function adaptedMessages(
  file: string,
  messages: readonly TemplateMessage[],
  source: string,
  abilities: TemplateAbilities,
): TemplateMessage[] {
  const harmony = source.includes('<|channel|>');
  let turns = messages.map((message) => {
    const made = { ...message };
    if (abilities.textContent && !abilities.partsContent) made.content = joinParts(made.content);
    else if (!abilities.textContent && abilities.partsContent && typeof made.content === 'string') {
      made.content = [{ type: 'text', text: made.content }];
    }
    if (made.role === 'developer' && !harmony) made.role = 'system';
    if (source.includes(STEPFUN_MARK)) made.content = trimmed(made.content);
    if (abilities.objectArguments) parseArguments(file, made);
    return made;
  });
  const [first, second] = turns;
  if (!abilities.systemRole && first?.role === 'system') {
    const merged = second && {
      ...second,
      content: `${joinParts(first.content)}\n${joinParts(second.content)}`,
    };
    turns = merged ? [merged, ...turns.slice(2)] : [];
  }
  const copiesReasoning =
    harmony || source.includes('<|tool_list_start|>') || source.includes('List of tools: [');
  if (copiesReasoning) {
    for (const turn of turns) if ('reasoning_content' in turn) turn.thinking = turn.reasoning_content;
  }
  return isMinistral3(source) ? turns.map(inBlocks) : turns;
}

function parseArguments(file: string, message: TemplateMessage): void {
  const calls = message.tool_calls;
  if (!Array.isArray(calls)) return;
  message.tool_calls = calls.map((call: unknown) => {
    const called = isRecord(call) ? call.function : undefined;
    if (!isRecord(call) || !isRecord(called) || typeof called.arguments !== 'string') return call;
    try {
      return { ...call, function: { ...called, arguments: JSON.parse(called.arguments) as unknown } };
    } catch (error) {
      throw new MessagesError(
        file,
        'the arguments of a tool call are not JSON, which llama.cpp refuses; mend the messages',
        {
          cause: error,
        },
      );
    }
  });
}

function isMinistral3(source: string): boolean {
  const marks = ['[SYSTEM_PROMPT]', '[TOOL_CALLS]', '[ARGS]'];
  return marks.every((mark) => source.includes(mark)) && !source.includes('[CALL_ID]');
}

/** Ministral 3 wants what system and assistant say as a list of blocks, thoughts among them. */
function inBlocks(message: TemplateMessage): TemplateMessage {
  if (message.role !== 'system' && message.role !== 'assistant') return message;
  const { reasoning_content: thinking, ...rest } = message;
  const thoughts = typeof thinking === 'string' ? [{ type: 'thinking', thinking }] : [];
  const said =
    typeof message.content === 'string' ? [{ type: 'text', text: message.content }] : message.content;
  return { ...rest, role: message.role, content: [...thoughts, ...said] as TemplateMessage['content'] };
}
