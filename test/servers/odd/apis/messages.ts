/** Correct Messages that look wrong. */
import type { OtherOddServer } from '../../entries.ts';
import type { Json } from '../../request.ts';
import { appended, before, changed, named, stream, typed, when, whole, within } from '../../steps.ts';

const START = typed('message_start');
const LAST = typed('message_delta');
const STOP = typed('message_stop');
const BLOCK = typed('content_block_start');
const PING = named({ type: 'ping' });

const NAMES = ['input_tokens', 'cache_creation_input_tokens', 'cache_read_input_tokens'] as const;
const sumOf = (usage: Json) => NAMES.reduce((sum, name) => sum + Number(usage[name]), 0);
const startUsage = (change: (usage: Json) => Json) =>
  changed(START, within('message', within('usage', change)));
/** The usage of the opening event and of whole answers. */
const usage = (change: (usage: Json) => Json) => ({
  ...stream(startUsage(change)),
  ...whole(within('usage', change)),
});
const running = (usageOf: Json, delta: Json = {}) => named({ type: 'message_delta', delta, usage: usageOf });

export const messages: OtherOddServer[] = (
  [
    {
      name: 'pings anywhere, before the start and after the end, too',
      source: 'APIS: ping anywhere',
      habits: stream((list) => [PING, ...list.flatMap((step) => [step, PING]), PING]),
    },
    {
      name: 'an output of 0 at the start',
      source: 'llama.cpp, vLLM',
      habits: stream(startUsage(() => ({ output_tokens: 0 }))),
    },
    {
      name: 'a few at the start, more than in the end',
      source: 'APIS: a placeholder',
      habits: stream(startUsage(() => ({ output_tokens: 7 }))),
    },
    {
      name: 'several cumulative message_delta',
      source: 'APIS: free extras',
      habits: stream(before(LAST, running({ output_tokens: 1 }), running({ output_tokens: 2 }))),
    },
    {
      name: 'the stop_reason twice, the same',
      source: 'APIS: all that come equal',
      habits: stream((list) =>
        list.flatMap((step) => ('json' in step && LAST(step.json) ? [step, PING, step] : [step])),
      ),
    },
    {
      name: 'no cache fields',
      source: 'llama.cpp 0.2.7',
      habits: usage((sent) => ({
        input_tokens: sumOf(sent),
        cache_creation_input_tokens: undefined,
        cache_read_input_tokens: undefined,
      })),
    },
    {
      name: 'cache fields that are null',
      source: 'APIS: never a fail',
      habits: usage((sent) => ({
        input_tokens: sumOf(sent),
        cache_creation_input_tokens: null,
        cache_read_input_tokens: null,
      })),
    },
    {
      name: 'the whole prompt out of the cache',
      source: 'APIS: input 0 with cache_read 32 is right',
      habits: usage((sent) => ({
        input_tokens: 0,
        cache_creation_input_tokens: 0,
        cache_read_input_tokens: sumOf(sent),
      })),
    },
    {
      name: 'all counts again at the end, some of them null',
      source: 'vLLM 0.32.0',
      habits: stream((list) => {
        let sent: Json = {};
        return [
          startUsage((held) => {
            sent = held;
            return {};
          }),
          changed(
            LAST,
            within('usage', () => ({ input_tokens: sent.input_tokens, cache_read_input_tokens: null })),
          ),
        ].reduce((made, edit) => edit(made), list);
      }),
    },
    {
      name: 'zeros at the start, the truth at the end',
      source: 'LiteLLM 1.106.2',
      habits: stream((list) => {
        let sum = 0;
        return [
          startUsage((held) => {
            sum = sumOf(held);
            return { input_tokens: 0, cache_creation_input_tokens: 0, cache_read_input_tokens: 0 };
          }),
          changed(
            LAST,
            within('usage', () => ({ input_tokens: sum })),
          ),
        ].reduce((made, edit) => edit(made), list);
      }),
      warns: ['usage-consistent'],
    },
    {
      name: 'no stop_sequence key',
      source: 'Ollama 0.17.4',
      habits: {
        ...stream(
          changed(
            LAST,
            within('delta', () => ({ stop_sequence: undefined })),
          ),
        ),
        ...whole(() => ({ stop_sequence: undefined })),
      },
      warns: ['stop-named'],
    },
    {
      name: 'empty blocks, unknown ones, signatures',
      source: 'APIS: free extras',
      habits: stream(
        before(
          BLOCK,
          named({ type: 'content_block_start', index: 7, content_block: { type: 'text', text: '' } }),
          named({
            type: 'content_block_delta',
            index: 7,
            delta: { type: 'signature_delta', signature: 'abc' },
          }),
          named({ type: 'content_block_stop', index: 7 }),
          named({ type: 'content_block_start', index: 8, content_block: { type: 'tea_leaves', leaves: 3 } }),
          named({ type: 'content_block_stop', index: 8 }),
        ),
      ),
    },
    {
      name: 'an empty list of blocks where nothing was generated',
      source: 'APIS: empty content blocks',
      habits: {
        traits: { mute: true },
        ...whole(({ content }) => (JSON.stringify(content).includes('"text":""') ? { content: [] } : {})),
      },
      suite: 'standard',
    },
    {
      name: 'further fields in its usage',
      source: 'APIS: service_tier, server_tool_use',
      habits: usage(() => ({
        service_tier: 'standard',
        server_tool_use: { web_search_requests: 0.5 },
        cache_creation: { ephemeral_5m_input_tokens: 0, ephemeral_1h_input_tokens: null },
      })),
    },
    {
      name: '[DONE] before and after the end',
      source: 'APIS: [DONE] is no end marker',
      habits: stream(before(STOP, { raw: 'data: [DONE]\n\n' }), appended({ raw: 'data: [DONE]\n\n' })),
    },
    {
      name: 'the window was full',
      source: 'anthropic-sdk-python: model_context_window_exceeded',
      habits: {
        traits: { endsAfter: 5 },
        ...stream(
          changed(
            LAST,
            within('delta', () => ({ stop_reason: 'model_context_window_exceeded', stop_sequence: null })),
          ),
        ),
        ...whole(() => ({ stop_reason: 'model_context_window_exceeded', stop_sequence: null })),
      },
      warns: ['stop-named'],
    },
    {
      name: 'a stop string in an answer that ends elsewhere',
      source: 'APIS: the text must prove it',
      habits: {
        traits: { moody: true },
        ...when(({ stops }) => stops.length > 0, {
          ...stream(
            changed(
              LAST,
              within('delta', () => ({ stop_reason: 'end_turn', stop_sequence: null })),
            ),
          ),
          ...whole(() => ({ stop_reason: 'end_turn', stop_sequence: null })),
        }),
      },
      suite: 'standard',
    },
  ] satisfies ReadonlyArray<Omit<OtherOddServer, 'api'>>
).map((one) => ({ ...one, name: `messages: ${one.name}`, api: 'messages' }));
