/** Servers that die of a request, or are of no use afterwards. */
import {
  all,
  chat,
  foreign,
  jsonMode,
  legacy,
  option,
  several,
  streaming,
  toolCalled,
  when,
  withLogprobs,
} from '../conditions.ts';
import { appended, cutBefore, events, inTurn, isContent } from '../edits.ts';
import type { BrokenServer } from '../entries.ts';
import type { Context, Habits, PlainAnswer } from '../habits.ts';
import { errorBody } from '../plain-answer.ts';

const failure = { status: 500, body: errorBody('the model is gone') };
const dies: Habits = {
  instead: (c) => {
    c.server.die();
    return 'hang';
  },
};
/** Still listening, but of no use any more. */
const zombie = (on: (c: Context) => boolean, answer: PlainAnswer | 'hang'): Habits => ({
  instead: (c) => {
    if (on(c)) c.server.memory.set('broken down', 1);
    return c.server.memory.has('broken down') ? answer : undefined;
  },
});
const diesMidway: Habits = {
  ...events(inTurn(cutBefore(isContent, 4), appended({ cut: 'reset' }))),
  takeOver: (c, _request, response) => {
    response.once('close', () => c.server.die());
    return false;
  },
};

export const survival: BrokenServer[] = [
  {
    name: 'stream_options null kills the server',
    source: 'one fault, one failing id',
    fails: ['server-survives'],
    suite: 'smoke',
    habits: when(all(chat, option('null')), dies),
  },
  {
    name: 'JSON mode kills the server',
    source: 'llama-cpp-python 0.2.84 #1649',
    fails: ['server-survives'],
    habits: when(jsonMode, dies),
  },
  {
    name: 'a forced tool call kills the server',
    source: 'llama-cpp-python 0.2.84',
    fails: ['server-survives'],
    habits: when(toolCalled, dies),
  },
  {
    name: 'n 2 kills the server',
    source: 'llamacpp.md',
    fails: ['server-survives'],
    habits: when(several, dies),
  },
  {
    name: 'n 2 kills the server in legacy streams',
    source: 'llamacpp.md',
    fails: ['server-survives'],
    habits: when(all(several, legacy, streaming), dies),
  },
  {
    name: 'signs beyond ASCII kill the server',
    source: 'llamacpp.md',
    fails: ['server-survives'],
    mayAlso: ['request-answered'],
    habits: when(foreign, dies),
  },
  {
    name: 'log probabilities kill the server',
    source: 'llamacpp.md',
    suite: 'full' as const,
    fails: ['server-survives'],
    habits: when(withLogprobs, dies),
  },
  {
    name: 'after JSON mode only 500',
    source: 'llamacpp.md',
    fails: ['server-survives'],
    habits: zombie(jsonMode, failure),
  },
  {
    name: 'after a called tool nothing answers',
    source: 'llamacpp.md',
    fails: ['server-survives'],
    timeoutMs: 1500,
    habits: zombie(all(chat, toolCalled), 'hang'),
  },
  {
    name: 'dies in the middle of a JSON answer',
    source: 'llama-cpp-python 0.2.84',
    fails: ['server-survives'],
    mayAlso: ['stream-end'],
    habits: when(all(jsonMode, streaming), diesMidway),
  },
  {
    name: 'two requests at once kill the server',
    source: 'llamacpp.md',
    fails: ['server-survives'],
    mayAlso: ['parallel-independent'],
    habits: { delay: (c) => (c.mode === 'stream' ? 15 : 0), ...when((c: Context) => c.together > 1, dies) },
  },
  {
    name: 'a prompt too long kills the server',
    source: 'llamacpp.md',
    suite: 'full',
    fails: ['recovers-after-overlong'],
    mayAlso: ['server-survives'],
    timeoutMs: 3000,
    habits: {
      onOverlong: (c) => {
        c.server.die();
        return 'hang';
      },
    },
  },
];
