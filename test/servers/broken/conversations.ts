/** Conversations, results of functions and pictures, counted wrongly or not served. */
import {
  all,
  type Condition,
  conversing,
  guided,
  pictured,
  plain,
  streaming,
  toolAnswered,
  when,
} from '../conditions.ts';
import { isUsage, without } from '../edits.ts';
import type { BrokenServer } from '../entries.ts';
import type { Context, Habits } from '../habits.ts';
import { errorBody } from '../plain-answer.ts';
import { chatPrompt } from '../prompts.ts';
import { isJson, type Json } from '../request.ts';

/** Counts some of the messages instead of all. */
const countsOnly = (chosen: (messages: Json[]) => Json[]): Habits => ({
  mapUsage: (usage, c) => {
    const messages = Array.isArray(c.body.messages) ? c.body.messages.filter(isJson) : [];
    if (messages.length < 2) return usage;
    const [tokens = 0] = chatPrompt({ ...c.body, messages: chosen(messages) }, c.tools).tokens;
    return { ...usage, prompt_tokens: tokens, total_tokens: tokens + usage.completion_tokens };
  },
});
const last = countsOnly((messages) => messages.slice(-1));
const noSystem = (c: Context) =>
  guided(c) ? { status: 400, body: errorBody('System role not supported', 'messages') } : undefined;

export const conversations: BrokenServer[] = [
  { name: 'only the last message counts', habits: last },
  { name: 'only the first message counts', habits: countsOnly((messages) => messages.slice(0, 1)) },
  { name: 'only the last message counts, and no system is known', habits: { ...last, instead: noSystem } },
  {
    name: 'only the last message counts, and a system is a 500',
    habits: {
      ...last,
      instead: (c: Context) =>
        guided(c)
          ? { status: 500, body: errorBody('Jinja Exception: System role not supported') }
          : undefined,
    },
  },
].map((server) => ({
  ...server,
  source: 'conversation-counted: a gateway that sends the last message',
  suite: 'standard' as const,
  fails: [],
  warns: ['conversation-counted'],
}));

export const lastInStreams: BrokenServer = {
  name: 'only the last message counts in streams',
  source: 'conversation-counted, C9',
  fails: ['prompt-matches-nonstream'],
  warns: ['conversation-counted'],
  warnsAtMost: true,
  habits: when(streaming, last),
};

const dies: Habits = {
  instead: (c) => {
    c.server.die();
    return 'hang';
  },
};

export const deaths: BrokenServer[] = [
  { name: 'a system message kills the server', habits: when(guided, dies) },
  { name: 'what was said before kills the server', habits: when(all(conversing, plain), dies) },
  { name: 'a picture kills the server', suite: 'full' as const, habits: when(pictured, dies) },
  {
    name: 'a result of a function kills the server',
    suite: 'full' as const,
    habits: when(toolAnswered, dies),
  },
].map((server) => ({ ...server, source: 'server-survives', fails: ['server-survives'] }));

const noUsage = (condition: Condition): Habits =>
  when(all(condition, streaming), { mapEvents: without(isUsage) });
/** 17 more in streams. */
const padded = (condition: Condition): Habits =>
  when(all(condition, streaming), {
    mapUsage: (usage) => ({
      ...usage,
      prompt_tokens: usage.prompt_tokens + 17,
      total_tokens: usage.total_tokens + 17,
    }),
  });

export const results: BrokenServer[] = [
  { name: 'no usage in the stream of a conversation', habits: noUsage(conversing) },
  { name: 'no usage in streams after a function gave its result', habits: noUsage(toolAnswered) },
  { name: 'no usage in streams about a picture', habits: noUsage(pictured) },
].map((server) => ({ ...server, source: 'C1', suite: 'full' as const, fails: ['usage-present'] }));

export const pictures: BrokenServer[] = [
  {
    name: 'a picture counts more in streams',
    source: 'C7, C9',
    suite: 'full',
    fails: ['prompt-matches-nonstream'],
    habits: padded(pictured),
  },
  {
    name: 'a conversation counts more in streams',
    source: 'C7, C9',
    fails: ['prompt-matches-nonstream'],
    habits: padded(conversing),
  },
  {
    name: 'no usage without streaming for a picture',
    source: 'C1',
    suite: 'full',
    fails: ['nonstream-usage'],
    habits: when(all(pictured, plain), { mapUsage: () => undefined }),
  },
  {
    name: 'a picture is a 500',
    source: 'request-answered: an optional feature',
    suite: 'full',
    fails: [],
    warns: ['request-answered'],
    warnsAtMost: true,
    habits: when(pictured, { instead: () => ({ status: 500, body: errorBody('no such projector') }) }),
  },
  {
    name: 'a result of a function is a 500',
    source: 'request-answered: an optional feature',
    suite: 'full',
    fails: [],
    warns: ['request-answered'],
    warnsAtMost: true,
    habits: when(toolAnswered, {
      instead: () => ({ status: 500, body: errorBody('NoneType is not iterable') }),
    }),
  },
  {
    name: 'a conversation is a 500',
    source: 'request-answered: an optional feature',
    suite: 'standard',
    fails: [],
    warns: ['request-answered'],
    warnsAtMost: true,
    habits: when(conversing, { instead: () => ({ status: 500, body: errorBody('index out of range') }) }),
  },
];
