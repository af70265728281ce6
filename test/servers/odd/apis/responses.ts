/** Correct Responses that look wrong. */
import type { OtherOddServer } from '../../entries.ts';
import type { Json } from '../../request.ts';
import { isJson } from '../../request.ts';
import { appended, before, changed, renamed, stream, typed, whole, within, without } from '../../steps.ts';

const ENDS = typed('response.completed', 'response.incomplete');
const DELTA = typed('response.output_text.delta');
const all = () => true;
const snapshot = (change: (response: Json) => Json) =>
  stream(changed((json) => isJson(json.response) && !ENDS(json), within('response', change)));
const last = (change: (response: Json) => Json) => stream(changed(ENDS, within('response', change)));

export const responses: OtherOddServer[] = (
  [
    {
      name: 'no event lines',
      source: 'transformers serve, LiteLLM',
      habits: stream(renamed(all, () => undefined)),
    },
    {
      name: '[DONE] after the last event',
      source: 'LiteLLM 1.106.2',
      habits: stream(appended({ raw: 'data: [DONE]\n\n' })),
    },
    {
      name: '[DONE] before the last event',
      source: 'APIS: before it, it is passed over',
      habits: stream(before(ENDS, { raw: 'data: [DONE]\n\n' })),
    },
    {
      name: 'no response.in_progress',
      source: 'APIS: never a fail',
      habits: stream(without(typed('response.in_progress'))),
    },
    {
      name: 'numbers from 1, with gaps',
      source: 'vllm-mlx 0.6',
      habits: stream(changed(all, (_json, at) => ({ sequence_number: 1 + at * 3 }))),
    },
    {
      name: 'no usage in earlier snapshots',
      source: 'llama.cpp 2026.10',
      habits: snapshot(() => ({ usage: undefined })),
    },
    {
      name: 'a bare created event',
      source: 'llama.cpp 2026.10: created has three keys',
      habits: snapshot(() => ({
        usage: undefined,
        created_at: undefined,
        model: undefined,
        output: undefined,
      })),
    },
    {
      name: 'no id before the end',
      source: 'APIS: that of the first event with one',
      habits: snapshot(() => ({ id: undefined })),
    },
    {
      name: 'unknown events, obfuscation and timings',
      source: 'APIS: free extras',
      habits: stream(
        changed(all, () => ({ obfuscation: 'xyz' })),
        before(ENDS, {
          json: { type: 'response.weather.changed', sequence_number: 1.5 },
          name: 'response.weather.changed',
        }),
        changed(all, (_json, at) => ({ sequence_number: at })),
        changed(ENDS, () => ({ timings: { prompt_ms: 1.25 } })),
      ),
    },
    {
      name: 'no details of the output',
      source: 'llama.cpp#22659',
      habits: last(within('usage', () => ({ output_tokens_details: undefined }))),
      warns: ['usage-details'],
    },
    {
      name: 'text in output_text.done alone',
      source: 'APIS: never a fail',
      habits: stream(
        without(DELTA),
        changed(all, (_json, at) => ({ sequence_number: at })),
      ),
    },
    {
      name: 'text in the last snapshot alone',
      source: 'APIS: counts as delivered',
      habits: stream(
        without((json) => String(json.type).startsWith('response.output_text')),
        without(typed('response.function_call_arguments.delta', 'response.output_item.added')),
        changed(all, (_json, at) => ({ sequence_number: at })),
      ),
    },
    {
      name: 'an end that is filtered',
      source: 'APIS: incomplete for any reason',
      habits: {
        ...stream(
          changed(ENDS, (json) => ({
            type: 'response.incomplete',
            ...within('response', () => ({
              status: 'incomplete',
              incomplete_details: { reason: 'content_filter' },
            }))(json),
          })),
          renamed(ENDS, () => 'response.incomplete'),
        ),
        traits: { endsAfter: 5 },
        ...whole(() => ({ status: 'incomplete', incomplete_details: { reason: 'content_filter' } })),
      },
    },
    {
      name: 'a created_at that is a fraction, and a reasoning model',
      source: 'openai-python: created_at is a float',
      habits: {
        traits: { reasoningTokens: 5 },
        ...last(() => ({ created_at: 1_790_000_000.25 })),
      },
    },
    {
      name: 'CRLF, comments and data in two lines',
      source: 'CHECKS: never a fail',
      habits: {
        mapWire: (wire) =>
          `: hello\n\n${wire}`.replaceAll('data: {"type"', 'data: {\ndata: "type"').replaceAll('\n', '\r\n'),
      },
    },
    {
      name: 'a prompt cut to the context',
      source: 'Ollama 0.17.4',
      habits: { truncates: true },
      suite: 'full',
    },
  ] satisfies ReadonlyArray<Omit<OtherOddServer, 'api'>>
).map((one) => ({ ...one, name: `responses: ${one.name}`, api: 'responses' }));
