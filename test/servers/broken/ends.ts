/** How a stream ends: the marker, the finish reasons. */

import { DONE } from '../chunks.ts';
import {
  all,
  chat,
  ends,
  featureless,
  foreign,
  legacy,
  option,
  plain,
  several,
  streaming,
  toolCalled,
  when,
} from '../conditions.ts';
import {
  appended,
  changedChoices,
  choicesOf,
  cutBefore,
  type EventEdit,
  events,
  insertedBefore,
  inTurn,
  isContent,
  isDone,
  isFinish,
  isTrailer,
  moved,
  without,
} from '../edits.ts';
import type { BrokenServer } from '../entries.ts';
import type { Context, Habits } from '../habits.ts';
import type { Json } from '../request.ts';

const noDone = events(without(isDone));
const longPromptsToo: Habits = { ...noDone, onOverlong: () => 'truncate' };
const cutAfterContent = (cut: 'reset' | 'unterminated' | 'short') =>
  events(inTurn(cutBefore(isContent, 5), appended({ cut })));
const cutBeforeUsage = (cut: 'reset' | 'unterminated' | 'short') =>
  events(inTurn(cutBefore(isTrailer), appended({ cut })));
const twice = events(appended(DONE));

export const markers: BrokenServer[] = [
  { name: 'no [DONE]', source: 'textgen#4778, C11', habits: noDone },
  {
    name: 'no [DONE], and a prompt too long is answered like any other',
    source: 'transformers serve 5.19.0',
    suite: 'full' as const,
    habits: longPromptsToo,
  },
  { name: 'no [DONE] in legacy streams', source: 'litellm#1255, C11', habits: when(legacy, noDone) },
  { name: 'no [DONE] when a tool is called', source: 'C11', habits: when(toolCalled, noDone) },
  { name: 'no [DONE] where usage is not asked for', source: 'C11', habits: when(option('unasked'), noDone) },
  { name: '[DONE] twice', source: 'Kong#14768, C11', habits: twice },
  { name: '[DONE] twice in chat with usage', source: 'C11', habits: when(all(chat, option('asked')), twice) },
  {
    name: 'an empty object after [DONE]',
    source: 'C11 early',
    habits: events(appended({ raw: 'data: {}\n\n' })),
  },
  {
    name: '[DONE] before the finish and the usage',
    source: 'C11 early',
    habits: events(moved(isDone, isFinish)),
  },
  {
    name: '[DONE] in the middle of the text',
    source: 'C11 early',
    habits: when(foreign, events(moved(isDone, isFinish))),
  },
  {
    name: 'with n 2 [DONE] after the first finish',
    source: 'C11 early',
    habits: when(several, {
      mapEvents: (list) => {
        const end = list.filter(isFinish).at(-1);
        return moved(isDone, (event) => event === end)(list);
      },
    }),
  },
  {
    name: 'reset in the middle of some streams',
    source: 'C11 cut off',
    habits: when(foreign, cutAfterContent('reset')),
  },
  {
    name: 'closed without the last chunk of HTTP',
    source: 'C11 cut off',
    habits: when(foreign, cutAfterContent('unterminated')),
  },
  {
    name: 'content-length longer than the stream',
    source: 'C11 cut off',
    habits: when(all(streaming, chat), cutBeforeUsage('short')),
  },
  { name: 'reset between finish and usage', source: 'C11 cut off', habits: cutBeforeUsage('reset') },
  {
    name: 'reset when a tool is called',
    source: 'C11 cut off',
    habits: when(toolCalled, cutAfterContent('reset')),
  },
].map((server) => ({ ...server, fails: ['stream-end'] }));

/** Only the finish chunks of one choice. */
const finishOf = (index: number) => (event: Parameters<typeof isFinish>[0]) =>
  isFinish(event) && choicesOf(event)[0]?.index === index;
const noFinish: EventEdit = changedChoices(isFinish, () => ({ finish_reason: null }));
const bodyFinish = (value: unknown): Habits => ({
  mapBody: (body) => ({
    ...body,
    choices: (body.choices as Json[]).map((choice) => ({ ...choice, finish_reason: value })),
  }),
});
/** Neither a natural end nor a stop string can come first. */
const forced = (c: Context) => c.limit <= 16 && c.stops.length === 0;
const finishTwice: EventEdit = (list) =>
  list.flatMap((event) => (isFinish(event) ? [event, event] : [event]));
const stopThenLength: EventEdit = (list) =>
  insertedBefore(
    isFinish,
    ...changedChoices(isFinish, () => ({ finish_reason: 'stop' }))(list.filter(isFinish)),
  )(list);

export const finishes: BrokenServer[] = [
  { name: 'no finish_reason in streams', source: 'llama.cpp#5876, C11', habits: events(noFinish) },
  { name: 'finish_reason null without streaming', source: 'C11', habits: when(plain, bodyFinish(null)) },
  { name: 'no finish_reason in legacy streams', source: 'C11', habits: when(legacy, events(noFinish)) },
  { name: 'two stops', source: 'OpenRouter, langchain#38349, C3', habits: events(finishTwice) },
  {
    name: 'stop, then length',
    source: 'C11 contradictory',
    habits: when(ends('length'), events(stopThenLength)),
  },
  {
    name: 'with n 2 the second choice never ends',
    source: 'litellm capture n2, C11',
    habits: when(several, events(changedChoices(finishOf(1), () => ({ finish_reason: null })))),
  },
  {
    name: 'with n 2 the first choice finishes twice',
    source: 'C11',
    habits: when(several, { mapEvents: (list) => list.flatMap((e) => (finishOf(0)(e) ? [e, e] : [e])) }),
  },
  {
    name: 'no finish_reason when a tool is called',
    source: 'C11',
    habits: when(toolCalled, events(noFinish)),
  },
  {
    name: 'finish_reason on every chunk',
    source: 'C11',
    habits: when(
      all(featureless, forced),
      events(changedChoices(isContent, () => ({ finish_reason: 'length' }))),
    ),
  },
  {
    name: 'finish_reason key missing without streaming, legacy',
    source: 'C11',
    habits: when(all(plain, legacy), bodyFinish(undefined)),
  },
].map((server) => ({ ...server, fails: ['finish-once'] }));

const named = (name: string): Habits => ({
  ...events(changedChoices(isFinish, () => ({ finish_reason: name }))),
  ...bodyFinish(name),
});

export const reasons: BrokenServer[] = [
  {
    name: 'stop at the limit',
    source: 'transformers serve "completed" at the limit, C6',
    habits: when(ends('length'), named('stop')),
  },
  {
    name: 'stop at the limit, streams only',
    source: 'C6',
    habits: when(all(streaming, ends('length')), named('stop')),
  },
  {
    name: 'stop at the limit, legacy only',
    source: 'C6',
    habits: when(all(legacy, ends('length')), named('stop')),
  },
  { name: 'max_tokens at the limit', source: 'C6', habits: when(ends('length'), named('max_tokens')) },
  {
    name: 'stop at the limit, not streaming',
    source: 'C6',
    habits: when(all(plain, ends('length')), named('stop')),
  },
].map((server) => ({ ...server, fails: ['finish-reason-length'] }));
