/** Usage in the wrong place of a stream, or more than once. */
import type { Chunk } from '../chunks.ts';
import { all, asked, chat, legacy, listed, several, toolCalled, when } from '../conditions.ts';
import {
  changed,
  choicesOf,
  chunkOf,
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
import type { Habits, StreamEvent } from '../habits.ts';
import { isJson, type Json } from '../request.ts';

/** Lays usage, made from the true one, on other chunks of an asked stream. */
function laid(
  on: (event: StreamEvent) => boolean,
  make: (usage: Json, at: number) => unknown,
  keepTrailer = true,
): Habits {
  return when(asked, {
    mapEvents: (list) => {
      const usage = chunkOf(list.find(isTrailer) ?? { raw: '' })?.usage;
      const whole = isJson(usage) ? usage : {};
      const kept = keepTrailer ? list : list.filter((event) => !isTrailer(event));
      let at = 0;
      return changed(on, () => ({ usage: make(whole, at++) }))(kept);
    },
  });
}

const counts = (prompt: unknown, completion: number): Json => ({
  prompt_tokens: prompt,
  completion_tokens: completion,
  total_tokens: Number(prompt) + completion,
});
const emptyChoice = (chunk: Chunk) =>
  chunk.object === 'text_completion'
    ? { text: '', index: 0, logprobs: null, finish_reason: null }
    : { index: 0, delta: {}, finish_reason: null };
const notEmpty = events(changed(isTrailer, (chunk) => ({ choices: [emptyChoice(chunk)] })));
const any = (event: StreamEvent) => choicesOf(event).length > 0;
/** Usage on the finish chunk that comes last, and no chunk of its own. */
const onFinish: Habits = when(asked, {
  mapEvents: (list) => {
    const last = list.filter(isFinish).at(-1);
    const usage = chunkOf(list.find(isTrailer) ?? { raw: '' })?.usage;
    return inTurn(
      changed(
        (event) => event === last,
        () => ({ usage }),
      ),
      without(isTrailer),
    )(list);
  },
});

export const choicesEmpty: BrokenServer[] = [
  { name: 'the usage chunk has a choice', source: 'litellm#8450, C3', habits: notEmpty },
  { name: 'usage on the finish chunk', source: 'llama.cpp b2616 to b6218, C3', habits: onFinish },
  {
    name: 'the usage chunk has no choices key',
    source: 'C3',
    habits: events(changed(isTrailer, () => ({ choices: undefined }))),
  },
  {
    name: 'the usage chunk has choices null',
    source: 'Ollama nil choices, C11',
    says: 'null: choices is null',
    habits: events(changed(isTrailer, () => ({ choices: null }))),
  },
  {
    name: 'the usage chunk has an object for choices',
    source: 'C3',
    says: 'not-a-list: choices is no list',
    habits: when(chat, events(changed(isTrailer, () => ({ choices: {} })))),
  },
  {
    name: 'the usage chunk has a choice, legacy only',
    source: 'llama-cpp-python PR #1552',
    habits: when(legacy, notEmpty),
  },
  {
    name: 'usage on the finish chunk when a tool is called',
    source: 'C3',
    habits: when(toolCalled, onFinish),
  },
].map((server) => ({ ...server, fails: ['usage-chunk-choices-empty'] }));

const trailerTwice = events((list) => list.flatMap((event) => (isTrailer(event) ? [event, event] : [event])));

/** What the stream before used, in a second chunk. */
const thenThatOfBefore: Habits = {
  mapEvents: (list, { server: { memory } }) =>
    list.flatMap((event) => {
      const usage = chunkOf(event)?.usage;
      if (!isTrailer(event) || !isJson(usage)) return [event];
      const now = Number(usage.prompt_tokens);
      const before = memory.get('prompt before') ?? now;
      memory.set('prompt before', now);
      const total = before + Number(usage.completion_tokens);
      return [
        event,
        { json: { ...chunkOf(event), usage: { ...usage, prompt_tokens: before, total_tokens: total } } },
      ];
    }),
};

const thenZeros: Habits = when(asked, {
  mapEvents: (list) =>
    insertedBefore(
      isDone,
      ...list.filter(isTrailer).map((event) => ({ json: { ...chunkOf(event), usage: counts(0, 0) } })),
    )(list),
});

export const once: BrokenServer[] = [
  {
    name: 'the true usage, then zeros',
    source: 'C5',
    says: 'zero-filled: 2',
    mayAlso: ['usage-nonzero' as const],
    habits: thenZeros,
  },
  { name: 'the usage chunk twice', source: 'Portkey gateway#1338, C3', habits: trailerTwice },
  {
    name: 'cumulative usage on every chunk',
    source: 'Perplexity agno#6058, C5',
    says: 'cumulative: ',
    habits: laid(any, (u, at) => counts(u.prompt_tokens, Math.min(at + 1, Number(u.completion_tokens)))),
  },
  {
    name: 'incremental usage on every chunk',
    source: 'SiliconFlow cline#2145, C5',
    says: 'incremental: ',
    habits: laid(isContent, (u) => counts(u.prompt_tokens, 1)),
  },
  {
    name: 'zero-filled usage on every chunk',
    source: 'Ollama legacy, LocalAI before 4.2.5, C5',
    says: 'zero-filled: ',
    habits: laid(any, () => counts(0, 0)),
  },
  {
    name: 'zero-filled usage on every legacy chunk',
    source: 'Ollama legacy, C5',
    habits: when(
      legacy,
      laid(any, () => counts(0, 0)),
    ),
  },
  { name: 'on the finish chunk and again alone', source: 'Xinference, C3', habits: laid(isFinish, (u) => u) },
  { name: 'the whole usage on every chunk', source: 'C5', says: 'repeated: ', habits: laid(any, (u) => u) },
  {
    name: 'two usages that contradict each other',
    source: 'C3',
    habits: laid(isFinish, (u) => counts(u.prompt_tokens, Number(u.completion_tokens) - 1)),
  },
  {
    name: 'the usage chunk twice when a tool is called',
    source: 'C3',
    habits: when(toolCalled, trailerTwice),
  },
  {
    name: 'one usage chunk for each prompt of a list',
    source: 'TensorRT-LLM, B',
    habits: when(all(listed, asked), {
      mapEvents: (list, c) =>
        insertedBefore(
          isTrailer,
          ...list.filter(isTrailer).map((event) => ({
            json: { ...chunkOf(event), usage: counts(c.promptTokens[0], c.answer.choices[0]?.tokens ?? 0) },
          })),
        )(list),
    }),
  },
  {
    name: 'with n 2 one usage chunk for each choice',
    source: 'llama.cpp n > 1, B',
    habits: when(all(several, asked), {
      mapEvents: (list, c) =>
        insertedBefore(
          isTrailer,
          ...list.filter(isTrailer).map((event) => ({
            json: {
              ...chunkOf(event),
              usage: counts(c.answer.promptTokens, c.answer.choices[0]?.tokens ?? 0),
            },
          })),
        )(list),
    }),
  },
  {
    name: 'usage, then the usage of the stream before',
    source: 'several that disagree: no number is read',
    suite: 'standard' as const,
    habits: thenThatOfBefore,
  },
].map((server) => ({ ...server, fails: ['usage-once'] }));

const usageFirst = events(moved(isTrailer, any));
const beforeFinish = events(moved(isTrailer, isFinish));
const payloadAfter: Habits = when(asked, {
  mapEvents: (list) =>
    insertedBefore(
      isDone,
      ...list.filter(isTrailer).map((event) => ({ json: { ...chunkOf(event), usage: null, sglext: {} } })),
    )(list),
});

export const last: BrokenServer[] = [
  { name: 'usage before the finish chunk', source: 'KTransformers, C3', habits: beforeFinish },
  { name: 'usage at the start of the stream', source: 'C3', habits: usageFirst },
  { name: 'another chunk after the usage chunk', source: 'opencode#43379, C3', habits: payloadAfter },
  {
    name: 'with n 2 usage between the two finishes',
    source: 'llama.cpp n > 1, C3',
    habits: when(several, {
      mapEvents: (list) => {
        const end = list.filter(isFinish).at(-1);
        return moved(isTrailer, (event) => event === end)(list);
      },
    }),
  },
  { name: 'usage before the finish chunk, legacy only', source: 'C3', habits: when(legacy, beforeFinish) },
  {
    name: 'usage before the finish when a tool is called',
    source: 'C3',
    habits: when(toolCalled, beforeFinish),
  },
].map((server) => ({ ...server, fails: ['usage-last'] }));
