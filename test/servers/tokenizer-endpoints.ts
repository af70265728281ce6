/** Tokenizer endpoints of the simulated server, by the toy tokenizer that its true counts come from. */
import type { Habits, PlainAnswer } from './habits.ts';
import { errorBody } from './plain-answer.ts';
import { chatPrompt, legacyPrompts } from './prompts.ts';
import { isJson, type Json } from './request.ts';
import { pieces } from './tokenizer.ts';

const json = (body: unknown): PlainAnswer => ({ status: 200, body: JSON.stringify(body) });
const toolsOf = (body: Json): Json[] => (Array.isArray(body.tools) ? body.tools.filter(isJson) : []);
const chatTokens = (body: Json) => chatPrompt(body, toolsOf(body)).tokens[0] ?? 0;

/** One sign is one token: so many make up what the template adds, the beginning-of-text token left out. */
function templated(body: Json): string {
  const tools = toolsOf(body);
  const shown = chatPrompt(body, tools).texts.join('') + (tools.length > 0 ? JSON.stringify(tools) : '');
  return '!'.repeat(chatTokens(body) - 1 - pieces(shown).length) + shown;
}

function llamaCppAnswer(path: string, body: Json): PlainAnswer | undefined {
  if (path === '/apply-template') return json({ prompt: templated(body) });
  if (path === '/v1/chat/completions/input_tokens') return json({ input_tokens: chatTokens(body) });
  if (path !== '/tokenize') return undefined;
  const count = pieces(String(body.content)).length + (body.add_special === true ? 1 : 0);
  return json({ tokens: Array.from({ length: count }, (_, at) => at) });
}

function vllmAnswer(path: string, body: Json): PlainAnswer | undefined {
  if (path !== '/tokenize') return undefined;
  const count = body.messages === undefined ? (legacyPrompts(body).tokens[0] ?? 0) : chatTokens(body);
  return json({ count, max_model_len: 2048, tokens: [] });
}

const endpoints = (answer: (path: string, body: Json) => PlainAnswer | undefined): Habits => ({
  elsewhere: (path, text) => {
    if (text === '') return undefined;
    const body: unknown = JSON.parse(text);
    return isJson(body) ? answer(path, body) : { status: 400, body: errorBody('no object') };
  },
});

/** Counts text only; known from documentation, so that it may not fail anybody by itself. */
export const sglangEndpoints: Habits = endpoints((path, body) =>
  path === '/v1/tokenize' ? json({ tokens: [], count: legacyPrompts(body).tokens[0] }) : undefined,
);

/** Counts text only, and leaves one more open. */
export const llamaCppPythonEndpoints: Habits = endpoints((path, body) =>
  path === '/extras/tokenize/count'
    ? json({ count: legacyPrompts({ prompt: body.input }).tokens[0] })
    : undefined,
);

export const llamaCppEndpoints: Habits = endpoints(llamaCppAnswer);

const idsOf = (text: unknown) => (typeof text === 'string' ? pieces(text).map((_, at) => at) : []);

/** vLLM's endpoint, and the ids of generated tokens where they are asked for. */
export const vllmEndpoints: Habits = {
  ...endpoints(vllmAnswer),
  mapEvents: (events, { body }) =>
    body.return_token_ids !== true
      ? events
      : events.map((event) => {
          if (!('json' in event) || !isJson(event.json) || !Array.isArray(event.json.choices)) return event;
          const choices = event.json.choices.filter(isJson).map((choice) => {
            const delta = isJson(choice.delta) ? choice.delta.content : choice.text;
            return { ...choice, token_ids: idsOf(delta) };
          });
          return { json: { ...event.json, choices } };
        }),
  mapBody: (made, { body }) => {
    if (body.return_token_ids !== true || !Array.isArray(made.choices)) return made;
    const choices = made.choices.filter(isJson).map((choice) => {
      const text = isJson(choice.message) ? choice.message.content : choice.text;
      return { ...choice, token_ids: idsOf(text) };
    });
    return { ...made, choices };
  },
};
