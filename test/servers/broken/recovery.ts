/** What a bad moment leaves behind: after a client left, after a prompt too long. */
import { legacy, when } from '../conditions.ts';
import { cutBefore, events, isContent, isDone, isFinish, without } from '../edits.ts';
import type { BrokenServer } from '../entries.ts';
import type { Context, Habits, PlainAnswer } from '../habits.ts';
import { errorBody } from '../plain-answer.ts';

const failure = { status: 500, body: errorBody('slot is still busy') };
const wounded = (c: Context, key: string) => c.server.memory.has(`${key} ${c.api}`);
/** A plain stream with a prompt of old: what comes right after the bad moment, and nothing else. */
const oldPlainStream = (c: Context) =>
  c.mode === 'stream' && c.seenInMode > 0 && c.tools.length === 0 && !c.json;

const afterAbort = (habits: Habits): Habits => ({
  onAbort: (c) => c.server.memory.set(`left ${c.api}`, 1),
  ...when((c) => wounded(c, 'left') && oldPlainStream(c), habits),
});
const leftovers: Habits = {
  mapUsage: (u) => ({ ...u, prompt_tokens: u.prompt_tokens + 21, total_tokens: u.total_tokens + 21 }),
};
const emptyStream: PlainAnswer = { status: 200, headers: { 'content-type': 'text/event-stream' }, body: '' };

export const aborts: BrokenServer[] = [
  {
    name: 'after a client left the next request hangs',
    source: 'llama-cpp-python leaked lock',
    timeoutMs: 1500,
    habits: afterAbort({ instead: () => 'hang' }),
  },
  {
    name: 'after a client left the next request is a 500',
    source: 'llamacpp.md',
    habits: afterAbort({ instead: () => failure }),
  },
  {
    name: 'after a client left everything is a 500',
    source: 'llamacpp.md',
    habits: {
      onAbort: (c: Context) => c.server.memory.set('left', 1),
      ...when((c) => c.server.memory.has('left'), { instead: () => failure }),
    },
  },
  {
    name: 'after a client left the count is higher',
    source: 'C2 (stale usage)',
    habits: afterAbort(leftovers),
  },
  {
    name: 'after a client left the next answer is empty',
    source: 'llama-cpp-python#1879',
    habits: afterAbort({ instead: () => emptyStream }),
  },
  {
    name: 'after a client left the next stream is cut off',
    source: 'llama-cpp-python interrupt_requests',
    habits: afterAbort(events((list) => [...cutBefore(isContent, 3)(list), { cut: 'reset' }])),
  },
  {
    name: 'after a client left in legacy a 500',
    source: 'llamacpp.md',
    habits: afterAbort(when(legacy, { instead: () => failure })),
  },
].map((server) => ({ ...server, fails: ['recovers-after-abort'] }));

export const abortKills: BrokenServer = {
  name: 'a client that leaves kills the server',
  source: 'llamacpp.md',
  fails: ['recovers-after-abort'],
  mayAlso: ['server-survives'],
  timeoutMs: 3000,
  habits: { onAbort: (c) => c.server.die() },
};

const afterOverlong = (habits: Habits): Habits => ({
  onOverlong: (c) => {
    c.server.memory.set(`overfed ${c.api}`, 1);
    return undefined;
  },
  ...when((c) => wounded(c, 'overfed') && oldPlainStream(c), habits),
});
const unfinished: Habits = {
  onOverlong: () => 'truncate',
  ...when((c) => c.words > 1000, events(cutBefore(isContent, 3))),
};
const noFinish: Habits = {
  onOverlong: () => 'truncate',
  ...when((c) => c.words > 1000, { mapEvents: (list) => list.filter((event) => !isFinish(event)) }),
};

const noMarker: Habits = {
  onOverlong: () => 'truncate',
  ...when((c) => c.words > 1000, events(without(isDone))),
};

const hangsFromThenOn: Habits = {
  ...afterOverlong({ instead: () => 'hang' }),
  onOverlong: (c) => {
    c.server.memory.set(`overfed ${c.api}`, 1);
    return 'hang';
  },
};

export const overlong: BrokenServer[] = [
  {
    name: 'a prompt too long is a 500',
    source: 'K16',
    habits: { onOverlong: () => ({ status: 500, body: errorBody('index out of range') }) },
  },
  {
    name: 'a prompt too long is an empty 200',
    source: 'llama-cpp-python#1879',
    habits: { onOverlong: () => emptyStream },
  },
  {
    name: 'after a prompt too long the next request hangs',
    source: 'llama-cpp-python 0.2.87',
    timeoutMs: 1500,
    habits: afterOverlong({ instead: () => 'hang' }),
  },
  {
    name: 'a prompt too long hangs, and so does the next request',
    source: 'llama-cpp-python 0.2.87',
    timeoutMs: 1500,
    habits: hangsFromThenOn,
  },
  {
    name: 'after a prompt too long the next request is a 500',
    source: 'llama-cpp-python 0.2.84',
    habits: afterOverlong({ instead: () => failure }),
  },
  { name: 'a prompt too long gets half a stream', source: 'llama-cpp-python#1879', habits: unfinished },
  {
    name: 'a prompt too long gets a stream without [DONE]',
    source: 'llama-cpp-python#1879',
    habits: noMarker,
  },
  {
    name: 'a prompt too long gets a stream without finish',
    source: 'llama-cpp-python#1879',
    habits: noFinish,
  },
].map((server) => ({ ...server, suite: 'full' as const, fails: ['recovers-after-overlong'] }));
