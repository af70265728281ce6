/** When a fault shows: conditions over a request, and a wrapper that confines habits to them. */
import type { Finish } from './answer.ts';
import type { Context, Habits } from './habits.ts';
import { isJson, type Json } from './request.ts';

export type Condition = (context: Context) => boolean;

export const chat: Condition = (c) => c.api === 'chat';
export const legacy: Condition = (c) => c.api === 'completions';
export const streaming: Condition = (c) => c.mode === 'stream';
export const plain: Condition = (c) => c.mode === 'nonstream';
export const asked: Condition = (c) => c.option === 'asked';
export const option =
  (...options: Context['option'][]): Condition =>
  (c) =>
    options.includes(c.option);
export const toolCalled: Condition = (c) => c.calls !== undefined;
export const toolsSent: Condition = (c) => c.tools.length > 0;
export const jsonMode: Condition = (c) => c.json;
export const several: Condition = (c) => c.n > 1;
export const single: Condition = (c) => c.n === 1 && !c.list;
export const listed: Condition = (c) => c.list && c.prompts.length > 1;
export const tokenIds: Condition = (c) => c.tokenIds;
export const withLogprobs: Condition = (c) => c.logprobs;
export const withStop: Condition = (c) => c.stops.length > 0;
export const limitedTo =
  (limit: number): Condition =>
  (c) =>
    c.limit === limit;
export const byNewLimit: Condition = (c) => c.limitBy === 'max_completion_tokens';
export const foreign: Condition = (c) => /[^\p{ASCII}]/u.test(c.prompts.join(''));
export const wordy: Condition = (c) => c.words >= 180 && !c.list;
export const warm: Condition = (c) => c.seen > 0;
const messagesOf = ({ body }: Context): Json[] =>
  Array.isArray(body.messages) ? body.messages.filter(isJson) : [];
export const conversing: Condition = (c) => messagesOf(c).some(({ role }) => role === 'assistant');
export const toolAnswered: Condition = (c) => messagesOf(c).some(({ role }) => role === 'tool');
export const guided: Condition = (c) => messagesOf(c).some(({ role }) => role === 'system');
export const pictured: Condition = (c) => messagesOf(c).some(({ content }) => Array.isArray(content));
/** Neither tools, JSON, n, lists, ids nor log probabilities: what every server must serve. */
export const featureless: Condition = (c) =>
  !c.json && c.tools.length === 0 && c.n === 1 && !c.list && !c.tokenIds && !c.logprobs;
/** Only in hooks that run after the answer is made. */
export const ends =
  (...finishes: Finish[]): Condition =>
  (c) =>
    c.answer.choices.length > 0 && c.answer.choices.every((choice) => finishes.includes(choice.finish));

export const all =
  (...conditions: Condition[]): Condition =>
  (c) =>
    conditions.every((condition) => condition(c));
export const not =
  (condition: Condition): Condition =>
  (c) =>
    !condition(c);

/** The same habits, but only where the condition holds. */
export function when(condition: Condition, habits: Habits): Habits {
  const {
    mapUsage,
    mapEvents,
    mapBody,
    mapBodyText,
    mapWire,
    mapHeaders,
    mapAnswer,
    mapLimit,
    instead,
    takeOver,
    delay,
  } = habits;
  return {
    ...habits,
    ...(mapUsage && { mapUsage: (usage, c) => (condition(c) ? mapUsage(usage, c) : usage) }),
    ...(mapEvents && { mapEvents: (events, c) => (condition(c) ? mapEvents(events, c) : events) }),
    ...(mapBody && { mapBody: (body, c) => (condition(c) ? mapBody(body, c) : body) }),
    ...(mapBodyText && { mapBodyText: (text, c) => (condition(c) ? mapBodyText(text, c) : text) }),
    ...(mapWire && { mapWire: (wire, c) => (condition(c) ? mapWire(wire, c) : wire) }),
    ...(mapHeaders && { mapHeaders: (headers, c) => (condition(c) ? mapHeaders(headers, c) : headers) }),
    ...(mapAnswer && { mapAnswer: (answer, c) => (condition(c) ? mapAnswer(answer, c) : answer) }),
    ...(mapLimit && { mapLimit: (limit, c) => (condition(c) ? mapLimit(limit, c) : limit) }),
    ...(instead && { instead: (c) => (condition(c) ? instead(c) : undefined) }),
    ...(takeOver && { takeOver: (c, request, response) => condition(c) && takeOver(c, request, response) }),
    ...(delay && { delay: (c) => (condition(c) ? delay(c) : 0) }),
  };
}
