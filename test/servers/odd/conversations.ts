/** Templates and gateways that know no system, no pictures, no results, or put in words of their own. */
import { conversing, guided, pictured, toolAnswered, when } from '../conditions.ts';
import type { OddServer } from '../entries.ts';
import type { Context, Habits, Usage } from '../habits.ts';
import { errorBody } from '../plain-answer.ts';
import { chatPrompt } from '../prompts.ts';
import { isJson, type Json } from '../request.ts';

const refuses = (condition: (c: Context) => boolean, message: string, status = 400): Habits =>
  when(condition, { instead: () => ({ status, body: errorBody(message, 'messages') }) });

/** What the prompt really holds, as the template makes it of the messages. */
const templated = (rendered: (messages: Json[]) => Json[]): Habits => ({
  mapUsage: (usage: Usage, c: Context) => {
    if (c.api !== 'chat' || !Array.isArray(c.body.messages)) return usage;
    const messages = rendered(c.body.messages.filter(isJson));
    const [tokens = 0] = chatPrompt({ ...c.body, messages }, c.tools).tokens;
    return { ...usage, prompt_tokens: tokens, total_tokens: tokens + usage.completion_tokens };
  },
});
/** A system message of so many words where none is sent. */
const introduced = (words: number): Habits =>
  templated((messages) =>
    messages.some(({ role }) => role === 'system')
      ? messages
      : [{ role: 'system', content: Array.from({ length: words }, () => 'word').join(' ') }, ...messages],
  );

export const conversations: OddServer[] = [
  ...[20, 40, 42, 43, 44, 60, 200].map((words) => ({
    name: `a system message of ${words} words where none is sent`,
    source: 'the templates of Mistral Small, Granite, Qwen',
    suite: 'standard' as const,
    habits: introduced(words),
  })),
  {
    name: 'the template leaves out what was said before, but the system message',
    source: 'conversation-counted: more than its last message',
    habits: templated((messages) =>
      messages.filter(({ role }, at) => role === 'system' || at === messages.length - 1),
    ),
  },
  {
    name: 'the template leaves out the system message',
    source: 'conversation-counted: more than its last message',
    habits: templated((messages) => messages.filter(({ role }) => role !== 'system')),
  },
  {
    name: 'knows no system',
    source: 'templates of Gemma',
    habits: refuses(guided, 'System role not supported'),
  },
  {
    name: 'a system message is a 500',
    source: 'llama.cpp, templates of Gemma: Jinja Exception',
    habits: refuses(guided, 'Jinja Exception: System role not supported', 500),
  },
  {
    name: 'one message a request',
    source: 'never a fail: a feature refused',
    habits: refuses(conversing, 'only one message is supported'),
  },
  {
    name: 'no pictures',
    source: 'never a fail: a feature refused',
    suite: 'full',
    habits: refuses(pictured, 'image input is not supported by this server'),
  },
  {
    name: 'pictures are left out',
    source: 'servers without a vision model',
    suite: 'full',
    habits: templated((messages) =>
      messages.map((message) =>
        Array.isArray(message.content)
          ? { ...message, content: message.content.filter((part) => isJson(part) && part.type === 'text') }
          : message,
      ),
    ),
  },
  {
    name: 'content must not be null',
    source: 'never a fail: a feature refused',
    suite: 'full',
    habits: refuses(toolAnswered, 'messages.1.content: Input should be a valid string', 422),
  },
];
