/** A correct llama.cpp completion that looks wrong. */
import type { OtherOddServer } from '../../entries.ts';
import type { OtherHabits } from '../../other-api-server.ts';
import { isJson, type Json } from '../../request.ts';
import { appended, before, changed, type StepTest, stream, when, within } from '../../steps.ts';

const LAST: StepTest = ({ stop }) => stop === true;
const OPEN: StepTest = ({ stop }) => stop === false;

/** The object that ends an answer, in both modes. */
const both = (change: (json: Json) => Json): OtherHabits => ({
  ...stream(changed(LAST, change)),
  mapBody: (body) =>
    Array.isArray(body)
      ? body.filter(isJson).map((one) => ({ ...one, ...change(one) }))
      : isJson(body)
        ? { ...body, ...change(body) }
        : body,
});

export const llamacppCompletion: OtherOddServer[] = (
  [
    {
      name: '[DONE] after the end',
      source: 'APIS: never a fail',
      habits: stream(appended({ raw: 'data: [DONE]\n\n' })),
    },
    {
      name: '[DONE] before the end',
      source: 'APIS: before it, it is passed over',
      habits: stream(before(LAST, { raw: 'data: [DONE]\n\n' })),
    },
    {
      name: 'progress of the prompt, without content or with a placeholder',
      source: 'llama.cpp 2026.10: return_progress',
      habits: when(
        ({ list }) => !list,
        stream((list) => [
          { json: { index: 0, stop: false, prompt_progress: { total: 30, cache: 0, processed: 16 } } },
          {
            json: {
              index: 0,
              content: '',
              tokens: [0],
              stop: false,
              prompt_progress: { total: 30, cache: 0, processed: 30 },
            },
          },
          ...list,
        ]),
      ),
    },
    {
      name: 'a full window before the limit',
      source: 'llama.cpp 2026.10: truncated:true',
      habits: { mapLimit: (limit) => Math.max(1, limit - 3), ...both(() => ({ truncated: true })) },
    },
    {
      name: 'a full window at the limit',
      source: 'APIS: completion-equals-limit and finish-reason-length skip there',
      habits: both(() => ({ truncated: true })),
    },
    {
      name: 'flags in place of stop_type',
      source: 'APIS: older servers',
      habits: both(({ stop_type }) => ({
        stop_type: undefined,
        stopping_word: undefined,
        stopped_limit: stop_type === 'limit',
        stopped_word: stop_type === 'word',
        stopped_eos: stop_type === 'eos',
      })),
    },
    { name: 'no timings', source: 'APIS: where both are sent', habits: both(() => ({ timings: undefined })) },
    {
      name: 'timings without cache_n',
      source: 'APIS: no cache_n: at least prompt_n',
      habits: both(within('timings', () => ({ cache_n: undefined }))),
    },
    {
      name: 'timings that are null, and extras that are fractions',
      source: 'CHECKS: never a fail',
      habits: both(within('timings', () => ({ cache_n: null, predicted_per_second: 12.5 }))),
    },
    {
      name: 'no index where one prompt was sent',
      source: 'older llama.cpp',
      habits: when(({ list }) => !list, {
        ...stream(
          changed(
            () => true,
            () => ({ index: undefined }),
          ),
        ),
        mapBody: (body) => (isJson(body) ? { ...body, index: undefined } : body),
      }),
    },
    {
      name: 'no counts before the end',
      source: 'APIS: free extras',
      habits: stream(changed(OPEN, () => ({ tokens_evaluated: undefined, tokens_predicted: undefined }))),
    },
    {
      name: 'settings and a cache fuller than the prompt',
      source: 'llama.cpp 2026.10: tokens_cached is prompt + answer - 1',
      habits: both(() => ({ tokens_cached: 4096, generation_settings: { n_predict: 8.5 } })),
    },
    {
      name: 'prompts one after the other',
      source: 'APIS: interleaved indexes, or not',
      habits: when(
        ({ list }) => list,
        stream((list) =>
          [...list].sort((a, b) =>
            'json' in a && 'json' in b ? Number(b.json.index) - Number(a.json.index) : 0,
          ),
        ),
      ),
      suite: 'standard',
    },
  ] satisfies ReadonlyArray<Omit<OtherOddServer, 'api'>>
).map((one) => ({ ...one, name: `llamacpp-completion: ${one.name}`, api: 'llamacpp-completion' }));
