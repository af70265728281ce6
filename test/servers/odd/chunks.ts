/** Correct streams whose chunks are cut, filled or ordered unusually. */
import { legacy, several, streaming, when } from '../conditions.ts';
import {
  changed,
  changedChoices,
  choicesOf,
  chunkOf,
  events,
  insertedBefore,
  isContent,
  isDone,
  isFinish,
  isTrailer,
} from '../edits.ts';
import type { OddServer } from '../entries.ts';
import type { Habits, StreamEvent } from '../habits.ts';
import type { Json } from '../request.ts';
import { hash } from '../tokenizer.ts';

const everyChunk = (event: StreamEvent) => chunkOf(event) !== undefined;
const hasChoice = (event: StreamEvent) => choicesOf(event).length > 0;
const extra = (fields: Json): Habits => ({
  ...events(changed(everyChunk, () => fields)),
  mapBody: (body) => ({ ...body, ...fields }),
});
/** A chunk like the first, but without text. */
const empty = (list: StreamEvent[]): StreamEvent => ({
  json: {
    ...chunkOf(list[0] ?? { raw: '' }),
    choices: choicesOf(list[0] ?? { raw: '' }).map((choice) =>
      'text' in choice ? { ...choice, text: '' } : { ...choice, delta: { content: '' } },
    ),
  },
});
const azureFirst: Habits = {
  mapEvents: (list, c) => [
    {
      json: {
        choices: [],
        created: 0,
        id: '',
        model: '',
        object: '',
        prompt_filter_results: [{ prompt_index: 0 }],
        ...(c.option === 'asked' ? { usage: null } : {}),
      },
    },
    ...list,
  ],
};
const sglext: Habits = {
  mapEvents: (list) => {
    const first = chunkOf(list[0] ?? { raw: '' });
    return insertedBefore((event) => isTrailer(event) || isDone(event), {
      json: { ...first, choices: [], sglext: { cached: 1 } },
    })(list);
  },
};
const bothInOne: Habits = {
  mapEvents: (list) => {
    const ends = list.filter(isFinish);
    if (ends.length < 2) return list;
    const joined = { json: { ...chunkOf(ends[0] ?? { raw: '' }), choices: ends.flatMap(choicesOf) } };
    return list.flatMap((event) => (event === ends[0] ? [joined] : isFinish(event) ? [] : [event]));
  },
};
/** Another word for some of the reasons, in both modes. */
const named = (word: string, which: (finish: unknown) => boolean): Habits => {
  const change = ({ finish_reason: finish }: Json) => (which(finish) ? { finish_reason: word } : {});
  return {
    ...events(changedChoices(isFinish, change)),
    mapBody: (body) => ({
      ...body,
      choices: (body.choices as Json[]).map((choice) => ({ ...choice, ...change(choice) })),
    }),
  };
};
/** All of the second choice, then all of the first. */
const backwards: Habits = {
  mapEvents: (list) => {
    const of = (index: number) => list.filter((event) => choicesOf(event)[0]?.index === index);
    return [...of(1), ...of(0), ...list.filter((event) => !hasChoice(event))];
  },
};

export const chunks: OddServer[] = [
  {
    name: 'usage absent on the other chunks',
    source: 'vLLM, llama.cpp, Ollama, B',
    habits: events(changed(hasChoice, () => ({ usage: undefined }))),
  },
  {
    name: 'usage null on every chunk, asked or not',
    source: 'LMDeploy, text-generation-webui, B',
    habits: events(changed(hasChoice, () => ({ usage: null }))),
  },
  { name: 'a first chunk with empty choices and no usage', source: 'Azure, B', habits: azureFirst },
  { name: 'an extra chunk with empty choices before the usage', source: 'SGLang sglext, B', habits: sglext },
  { name: 'two tokens a chunk', source: 'vLLM: 8 tokens in 4 chunks', habits: { tokensPerChunk: 2 } },
  {
    name: 'seven tokens a chunk',
    source: 'llamacpp capture: 22 tokens in 11 chunks',
    habits: { tokensPerChunk: 7 },
  },
  {
    name: 'empty chunks between the others',
    source: 'never a fail: no tokens per chunk',
    habits: {
      mapEvents: (list) => list.flatMap((event) => (isContent(event) ? [event, empty(list)] : [event])),
    },
  },
  {
    name: 'the finish on the chunk of the last token',
    source: 'vLLM',
    habits: { finishWithLastToken: true },
  },
  {
    name: 'finish_reason left out but at the end',
    source: 'finish-once: absent is not a value',
    habits: events(changedChoices(isContent, () => ({ finish_reason: undefined }))),
  },
  {
    name: 'a natural end by a word that is not known',
    source: 'finish-once: which reason it is does not matter',
    habits: named('eos', (finish) => finish === 'stop'),
  },
  { name: 'no chunk with the role', source: 'Ollama', habits: { withoutRoleChunk: true } },
  {
    name: 'content null beside the role, keys null',
    source: 'OpenAI',
    habits: events(
      changedChoices(hasChoice, (choice) =>
        'delta' in choice ? { delta: { refusal: null, tool_calls: null, ...(choice.delta as Json) } } : {},
      ),
    ),
  },
  {
    name: 'obfuscation fields',
    source: 'OpenAI include_obfuscation, A14',
    habits: events(changed(hasChoice, (_chunk, at) => ({ obfuscation: 'x'.repeat(at % 9) }))),
  },
  {
    name: 'extra fields on every chunk',
    source: 'vLLM prompt_token_ids, A14',
    habits: extra({ prompt_token_ids: null, service_tier: 'default', provider: { name: 'toys' } }),
  },
  {
    name: 'timings and cost as floats',
    source: 'llama.cpp timings, OpenRouter cost',
    habits: extra({ timings: { prompt_ms: 12.5, predicted_per_second: 33.1 }, cost: 0.00021 }),
  },
  {
    name: 'created moves',
    source: 'llama.cpp per chunk, SGLang, B',
    habits: events(changed(everyChunk, (_chunk, at) => ({ created: 1_790_000_000 + at }))),
  },
  {
    name: 'another system_fingerprint on each chunk',
    source: 'load balancer',
    habits: events(changed(everyChunk, (_chunk, at) => ({ system_fingerprint: `fp_${at % 3}` }))),
  },
  {
    name: 'system_fingerprint on the usage chunk only',
    source: 'vLLM 0.32.0 capture',
    habits: events(changed(isTrailer, () => ({ system_fingerprint: 'fp_toy' }))),
  },
  {
    name: 'with n 2 both finishes in one chunk',
    source: 'A (several choices in one chunk)',
    habits: when(several, bothInOne),
  },
  { name: 'with n 2 the second choice comes first', source: 'A', habits: when(several, backwards) },
  {
    name: 'forced tool calls finish with stop',
    source: 'OpenAI, named tool_choice',
    habits: {
      ...events(
        changedChoices(
          (event) => isFinish(event) && choicesOf(event)[0]?.finish_reason === 'tool_calls',
          () => ({ finish_reason: 'stop' }),
        ),
      ),
      mapBody: (body) => ({
        ...body,
        choices: (body.choices as Json[]).map((choice) =>
          choice.finish_reason === 'tool_calls' ? { ...choice, finish_reason: 'stop' } : choice,
        ),
      }),
    },
  },
  {
    name: 'ids from a pool of three',
    source: 'Ollama: 999 ids',
    habits: { mapEvents: (list, c) => changed(everyChunk, () => ({ id: `chatcmpl-${c.number % 3}` }))(list) },
  },
  {
    name: 'the same prompt has the same id',
    source: 'an answer cache',
    habits: {
      mapEvents: (list, c) =>
        changed(everyChunk, () => ({ id: `chatcmpl-${hash(c.prompts.join('|'))}` }))(list),
    },
  },
  {
    name: 'long ids that differ at their end',
    source: 'LiteLLM 1.83.8, Responses: 224 characters',
    habits: events(changed(everyChunk, (chunk) => ({ id: `${'c'.repeat(300)}${String(chunk.id)}` }))),
  },
  {
    name: 'the model under its full name',
    source: 'mlx-lm, transformers serve model@main',
    habits: events(changed(everyChunk, (chunk) => ({ model: `${String(chunk.model)}@main` }))),
  },
  {
    name: 'empty chunks after the finish',
    source: 'never a fail: no tokens per chunk',
    habits: when(streaming, {
      mapEvents: (list) => insertedBefore((event) => isTrailer(event) || isDone(event), empty(list))(list),
    }),
  },
  {
    name: 'legacy logprobs key left out',
    source: 'LocalAI',
    habits: when(legacy, events(changedChoices(hasChoice, () => ({ logprobs: undefined })))),
  },
];
