/** Values of the wrong kind, or empty ones, where a reader would see the right one; and counts beside an empty usage. */
import { all, asked, chat, ends, legacy, plain, several, streaming, when } from '../conditions.ts';
import {
  changed,
  changedChoices,
  choicesOf,
  chunkOf,
  type EventEdit,
  events,
  insertedBefore,
  inTurn,
  isContent,
  isDone,
  isFinish,
  isTrailer,
} from '../edits.ts';
import type { BrokenServer } from '../entries.ts';
import type { Habits, StreamEvent } from '../habits.ts';
import { isJson, type Json } from '../request.ts';

const unfinished = (value: unknown): Habits =>
  events(changedChoices(isContent, () => ({ finish_reason: value })));
const finished = (value: unknown): Habits => ({
  ...events(changedChoices(isFinish, () => ({ finish_reason: value }))),
  mapBody: (body) => ({
    ...body,
    choices: (body.choices as Json[]).map((choice) => ({ ...choice, finish_reason: value })),
  }),
});
/** It ends early by itself, and a second chunk says that the limit cut it. */
const thenLength: EventEdit = (list) =>
  list.flatMap((event) =>
    isFinish(event)
      ? [event, ...changedChoices(isFinish, () => ({ finish_reason: 'length' }))([event])]
      : [event],
  );

export const finishValues: BrokenServer[] = [
  {
    name: 'finish_reason "" on every chunk but the last',
    source: 'finish-once: values as they came',
    says: 'contradictory: choice 0 ends with "", "", "", …, "',
    habits: unfinished(''),
  },
  {
    name: 'finish_reason "" on every legacy chunk but the last',
    source: 'finish-once: values as they came',
    habits: when(legacy, unfinished('')),
  },
  {
    name: 'finish_reason "null" on every chunk but the last',
    source: 'finish-once: values as they came',
    says: 'contradictory: choice 0 ends with "null", "null", "null", …, "',
    habits: unfinished('null'),
  },
  {
    name: 'finish_reason 0 on every chunk but the last',
    source: 'finish-once: values as they came',
    says: 'contradictory: choice 0 ends with 0, 0, 0, …, "',
    habits: when(chat, unfinished(0)),
  },
  {
    name: 'finish_reason is a number',
    source: 'finish-once: a number is no string',
    says: 'none: the finish_reason of choice 0 is 1, which is no string',
    habits: finished(1),
  },
  {
    name: 'finish_reason is true without streaming',
    source: 'finish-once: a number is no string',
    habits: when(plain, finished(true)),
  },
  {
    name: 'stop, then length, though the limit was not reached',
    source: 'C11 contradictory',
    suite: 'standard' as const,
    says: 'contradictory: choice 0 ends with "stop", "length"',
    habits: { traits: { endsAfter: 5 }, ...when(all(streaming, ends('stop')), events(thenLength)) },
  },
].map((server) => ({ ...server, fails: ['finish-once'] }));

const emptyOn = (test: (event: StreamEvent) => boolean): Habits =>
  when(asked, events(changed(test, () => ({ usage: {} }))));
const hasChoice = (event: StreamEvent) => choicesOf(event).length > 0;
const emptyAfter: Habits = when(asked, {
  mapEvents: (list) =>
    insertedBefore(
      isDone,
      ...list.filter(isTrailer).map((event) => ({ json: { ...chunkOf(event), usage: {} } })),
    )(list),
});
/** The prompt's tokens on a chunk in front of the text, and all at the end. */
const previewed: Habits = when(asked, {
  mapEvents: (list) => {
    const usage = chunkOf(list.find(isTrailer) ?? { raw: '' })?.usage;
    const prompt = isJson(usage) ? usage.prompt_tokens : 0;
    const trailers = list.filter(isTrailer);
    const first = { prompt_tokens: prompt, completion_tokens: 0, total_tokens: prompt };
    return [...trailers.map((event) => ({ json: { ...chunkOf(event), usage: first } })), ...list];
  },
});
/** Counts 2, 2, 2 …, each what is new in its chunk; two tokens a chunk. */
const pairs: Habits = {
  tokensPerChunk: 2,
  ...when(asked, {
    mapEvents: (list) =>
      inTurn(
        changed(
          (event) =>
            isContent(event) &&
            choicesOf(event).some(({ delta, text }) => text || (isJson(delta) && delta.content)),
          () => ({ usage: { prompt_tokens: 0, completion_tokens: 2, total_tokens: 2 } }),
        ),
      )(list),
  }),
};

export const emptyUsages: BrokenServer[] = [
  {
    name: 'an empty usage on every other chunk',
    source: 'usage-once: partial',
    says: 'partial: ',
    habits: emptyOn(hasChoice),
  },
  {
    name: 'an empty usage on the finish chunk',
    source: 'usage-once: partial',
    says: 'partial: 2 chunks carry usage, and all but one lack counts',
    habits: emptyOn(isFinish),
  },
  {
    name: 'the prompt alone on every other chunk',
    source: 'usage-once: partial',
    says: 'partial: ',
    habits: when(asked, events(changed(hasChoice, () => ({ usage: { prompt_tokens: 5 } })))),
  },
  {
    name: 'a first usage in front of the text, and the whole one at the end',
    source: 'usage-once: preview',
    says: 'preview: 2 chunks carry usage',
    habits: previewed,
  },
  {
    name: 'usage of two tokens a chunk, to be added up',
    source: 'SiliconFlow cline#2145, C5',
    says: 'incremental: ',
    suite: 'smoke' as const,
    habits: pairs,
  },
].map((server) => ({ ...server, fails: ['usage-once'] }));

const oneFewer: Habits = when(all(streaming, ends('length')), {
  mapUsage: (usage, { answer }) => {
    const made = usage.completion_tokens - answer.choices.length;
    return { ...usage, completion_tokens: made, total_tokens: usage.prompt_tokens + made };
  },
});
const alwaysOne: Habits = {
  mapUsage: (usage) => ({ ...usage, completion_tokens: 1, total_tokens: usage.prompt_tokens + 1 }),
};
/** Both choices are counted, and the second one never sent. */
const dropped: Habits = when(several, {
  ...events((list) => list.filter((event) => choicesOf(event)[0]?.index !== 1)),
  mapBody: (body) => ({ ...body, choices: (body.choices as Json[]).slice(0, 1) }),
});

export const hidden: BrokenServer[] = [
  {
    name: 'an empty usage on the finish chunk, and one token too few in streams',
    source: 'usage-once: an empty usage hides no count',
    fails: ['usage-once', 'completion-equals-limit'],
    habits: { ...emptyOn(isFinish), ...oneFewer },
  },
  {
    name: 'an empty usage behind the whole one',
    source: 'usage-once: partial',
    fails: ['usage-once', 'usage-last'],
    habits: emptyAfter,
  },
  {
    name: 'the completion is always 1',
    source: 'C2',
    suite: 'standard',
    fails: ['completion-equals-limit'],
    habits: alwaysOne,
  },
  {
    name: 'with n 2 one choice is left out and counted',
    source: 'C6',
    suite: 'standard',
    fails: ['completion-within-limit'],
    says: '16 completion tokens; 1 of the 2 choices asked for came',
    habits: dropped,
  },
];

const lines: Habits = when(streaming, {
  mapWire: (wire) => wire.replaceAll(/^data: /gm, '').replaceAll('\n\n', '\n'),
});

export const jsonLines: BrokenServer = {
  name: 'JSON lines that are called an event stream',
  source: 'K20',
  fails: ['request-answered'],
  says: 'unreadable: JSON lines without `data:` (text/event-stream',
  habits: lines,
};
