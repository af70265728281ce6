/** One request changes the answer to another: at the same time, or after it. */
import type { ServerResponse } from 'node:http';
import { all, byNewLimit, chat, featureless, legacy, streaming, when } from '../conditions.ts';
import { changed, chunkOf, events, isDone, isFinish, isTrailer, without } from '../edits.ts';
import type { BrokenServer } from '../entries.ts';
import type { Context, Habits, ServerState, Usage } from '../habits.ts';

/** Streams begin late enough for requests that were sent together to meet. */
const meeting: Habits = { delay: (c) => (c.mode === 'stream' ? 15 : 0) };
const others = (c: Context) => c.mode === 'stream' && (c.together > 1 || c.server.inFlight > 1);
const withPrompt = (usage: Usage, prompt: number) => ({
  ...usage,
  prompt_tokens: prompt,
  total_tokens: prompt + usage.completion_tokens,
});
/** Usage is kept in one place for the whole server: the last request that came wins. */
const shared = (of: (c: Context) => boolean): Habits => ({
  ...meeting,
  instead: (c) => {
    if (of(c))
      c.server.memory.set(
        'latest prompt',
        c.promptTokens.reduce((sum, tokens) => sum + tokens, 0),
      );
    return undefined;
  },
  mapUsage: (usage, c) => (of(c) ? withPrompt(usage, c.server.memory.get('latest prompt') ?? 0) : usage),
});

const running = new WeakMap<ServerState, ServerResponse>();
/** A new stream ends the one before it. */
const interrupts: Habits = {
  ...meeting,
  takeOver: (c, _request, response) => {
    if (c.mode !== 'stream') return false;
    const before = running.get(c.server);
    if (before && !before.writableFinished && !before.destroyed) before.socket?.destroy();
    running.set(c.server, response);
    return false;
  },
};

export const parallel: BrokenServer[] = [
  {
    name: 'usage of requests in flight is mixed up',
    source: 'C (concurrency mixing)',
    habits: shared(streaming),
  },
  {
    name: 'usage is mixed up in legacy only',
    source: 'C (concurrency mixing)',
    habits: shared(all(legacy, streaming)),
  },
  {
    name: 'a second stream ends the first',
    source: 'llama-cpp-python interrupt_requests',
    habits: interrupts,
  },
  {
    name: 'a second request at the same time is a 500',
    source: 'llamacpp.md',
    habits: {
      ...meeting,
      instead: (c: Context) =>
        others(c) ? { status: 500, body: '{"error":{"message":"busy loop"}}' } : undefined,
    },
  },
  {
    name: 'completions of requests in flight are added up',
    source: 'C (concurrency mixing)',
    habits: {
      ...meeting,
      mapUsage: (u: Usage, c: Context) =>
        others(c)
          ? { ...u, completion_tokens: u.completion_tokens + 8, total_tokens: u.total_tokens + 8 }
          : u,
    },
  },
  {
    name: 'no [DONE] for requests in flight together',
    source: 'C11',
    habits: { ...meeting, ...when(others, events(without(isDone))) },
  },
  {
    name: 'no usage for requests in flight together',
    source: 'C1 (concurrency)',
    habits: { ...meeting, ...when(others, events(without(isTrailer))) },
  },
  {
    name: 'no finish for requests in flight together',
    source: 'C11',
    habits: {
      ...meeting,
      ...when(all(others, featureless), { mapEvents: (list) => list.filter((e) => !isFinish(e)) }),
    },
  },
].map((server) => ({ ...server, fails: ['parallel-independent'] }));

export const parallelBesideNewLimit: BrokenServer = {
  name: 'completions are added up, and max_completion_tokens is not known',
  source: 'a warning is no proof that counts are wrong',
  fails: ['parallel-independent'],
  warns: ['completion-within-limit'],
  warnsAtMost: true,
  habits: {
    ...meeting,
    mapLimit: (limit, c) => (byNewLimit(c) ? 16 : limit),
    mapUsage: (u, c) =>
      chat(c) && others(c)
        ? { ...u, completion_tokens: u.completion_tokens + 8, total_tokens: u.total_tokens + 8 }
        : u,
  },
};

/** After malformed JSON, eight answers carry the prompt count of the request before them if the prompt is new in a row. */
const staleAfterRefusal = (of: (c: Context) => boolean): Habits => ({
  onMalformed: (_api, server) => {
    server.memory.set('stale', 8);
    return undefined;
  },
  mapUsage: (usage, c) => {
    const { memory } = c.server;
    const previous = memory.get('previous prompt');
    memory.set('previous prompt', usage.prompt_tokens);
    const left = memory.get('stale') ?? 0;
    memory.set('stale', Math.max(0, left - 1));
    return left > 0 && previous !== undefined && of(c) ? withPrompt(usage, previous) : usage;
  },
});
/** Always the prompt count of the request before. */
const stale: Habits = {
  mapUsage: (usage, c) => {
    const previous = c.server.memory.get('previous prompt') ?? usage.prompt_tokens;
    c.server.memory.set('previous prompt', usage.prompt_tokens);
    return withPrompt(usage, previous);
  },
};
const sameId = (id: string) =>
  events(
    changed(
      (event) => chunkOf(event) !== undefined,
      () => ({ id }),
    ),
  );

export const sequence: BrokenServer[] = [
  {
    name: 'after a refusal usage lags one request behind',
    source: 'C2 (stale usage)',
    habits: staleAfterRefusal(() => true),
  },
  {
    name: 'after a refusal usage lags behind in legacy',
    source: 'C2 (stale usage)',
    habits: staleAfterRefusal(legacy),
  },
  { name: 'every stream has the same id', source: 'K17', habits: sameId('chatcmpl-1') },
  { name: 'every chat stream has the same id', source: 'K17', habits: when(chat, sameId('chatcmpl-toy')) },
].map((server) => ({ ...server, fails: ['sequence-independent'] }));

export const staleAlways: BrokenServer = {
  name: 'usage of the request before',
  source: 'C2 (stale usage)',
  fails: ['sequence-independent'],
  mayAlso: [
    'prompt-stable',
    'prompt-grows',
    'prompt-matches-nonstream',
    'parallel-independent',
    'choices-counted',
    'list-prompts-counted',
    'recovers-after-abort',
  ],
  habits: stale,
};

export const emptyId: BrokenServer = {
  name: 'every id is ""',
  source: 'OVMS, K17',
  fails: ['sequence-independent'],
  mayAlso: ['usage-chunk-id'],
  habits: sameId(''),
};
