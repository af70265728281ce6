/** Messages that are wrong in one way each. */
import type { OtherBrokenServer } from '../../entries.ts';
import type { Asked, OtherHabits } from '../../other-api-server.ts';
import type { Json } from '../../request.ts';
import {
  again,
  appended,
  before,
  changed,
  delayed,
  named,
  prompts,
  renamed,
  stream,
  typed,
  when,
  whole,
  within,
  without,
} from '../../steps.ts';

const START = typed('message_start');
const LAST = typed('message_delta');
const DELTA = typed('content_block_delta');
const STOP = typed('message_stop');

/** The usage of the opening event, and of the later one, changed. */
const startUsage = (change: (usage: Json) => Json) =>
  stream(changed(START, within('message', within('usage', change))));
const lastUsage = (change: (usage: Json) => Json) => stream(changed(LAST, within('usage', change)));
const sumOf = (usage: Json) =>
  Number(usage.input_tokens) +
  Number(usage.cache_creation_input_tokens) +
  Number(usage.cache_read_input_tokens);
const late = { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: ' more' } };

const stopped = ({ stops }: Asked) => stops.length > 0;
/** How the end by a stop string is told, in both modes. */
const ending = (change: Json): OtherHabits =>
  when(stopped, {
    ...stream(
      changed(
        LAST,
        within('delta', () => change),
      ),
    ),
    ...whole(() => change),
  });

/** Another last event, as servers send it while they generate. */
const running = (output: unknown, delta: Json = {}) =>
  named({ type: 'message_delta', delta, usage: { output_tokens: output } });

export const messages: OtherBrokenServer[] = (
  [
    {
      name: 'a chat completion in place of a message',
      source: 'APIS: a 2xx of the right kind; in place of the very first one it means that the API is absent',
      habits: {
        mapBody: (body, { number }) =>
          number === 1 ? body : { id: 'x', object: 'chat.completion', choices: [] },
      },
      fails: ['request-answered'],
    },
    {
      name: 'no message_stop',
      source: 'C11',
      habits: stream(without(STOP)),
      fails: ['stream-end'],
      says: 'missing',
    },
    { name: 'two ends', source: 'C11', habits: stream(again(STOP)), fails: ['stream-end'], says: 'twice' },
    {
      name: 'text after the end',
      source: 'C11',
      habits: stream(appended(named(late))),
      fails: ['stream-end'],
      says: 'early',
    },
    {
      name: 'no usage at all',
      source: 'C1',
      habits: stream(
        changed(
          START,
          within('message', () => ({ usage: undefined })),
        ),
        changed(LAST, () => ({ usage: undefined })),
      ),
      fails: ['usage-present'],
    },
    {
      name: 'no usage at the end',
      source: 'C1',
      habits: stream(changed(LAST, () => ({ usage: undefined }))),
      fails: ['usage-complete'],
      says: 'message_delta output_tokens is absent',
    },
    {
      name: 'no usage at the start',
      source: 'C1',
      habits: stream(
        changed(
          START,
          within('message', () => ({ usage: undefined })),
        ),
        changed(
          LAST,
          within('usage', () => ({ input_tokens: 40 })),
        ),
      ),
      fails: ['usage-complete'],
      says: 'message_start input_tokens is absent',
    },
    {
      name: 'input_tokens null at the start',
      source: 'C2',
      habits: startUsage(() => ({ input_tokens: null })),
      fails: ['usage-complete'],
    },
    {
      name: 'counts that are strings',
      source: 'C2',
      habits: lastUsage(({ output_tokens }) => ({ output_tokens: String(output_tokens) })),
      fails: ['usage-integers'],
    },
    {
      name: 'a string among running counts, and a number at the end',
      source: 'APIS: every non-null count in every usage',
      habits: stream(before(LAST, running('1'))),
      fails: ['usage-integers'],
    },
    {
      name: 'a count of cached tokens that is a fraction',
      source: 'C2',
      habits: startUsage(() => ({ cache_creation: { ephemeral_5m_input_tokens: 0.5 } })),
      fails: ['usage-integers'],
    },
    {
      name: 'no type at the start',
      source: 'C11',
      habits: stream(
        changed(
          START,
          within('message', () => ({ type: undefined })),
        ),
      ),
      fails: ['usage-chunk-envelope'],
    },
    {
      name: 'no usage without streaming',
      source: 'C1',
      habits: whole(() => ({ usage: undefined })),
      fails: ['nonstream-usage'],
    },
    {
      name: 'no stop_reason',
      source: 'C11',
      habits: stream(
        changed(
          LAST,
          within('delta', () => ({ stop_reason: null })),
        ),
      ),
      fails: ['finish-once'],
      says: 'none',
    },
    {
      name: 'two stop_reasons that differ',
      source: 'C11',
      habits: stream(before(STOP, named({ type: 'message_delta', delta: { stop_reason: 'refusal' } }))),
      fails: ['finish-once'],
      says: 'contradictory',
    },
    {
      name: 'no opening event',
      source: 'APIS: stream-start',
      habits: stream(without(START)),
      fails: ['stream-start'],
      says: 'missing',
    },
    {
      name: 'no opening event, and all counts at the end',
      source: 'APIS: stream-start',
      habits: stream(
        without(START),
        changed(
          LAST,
          within('usage', () => ({ input_tokens: 40 })),
        ),
      ),
      fails: ['stream-start'],
      says: 'missing',
    },
    {
      name: 'an opening event after others',
      source: 'APIS: stream-start',
      habits: stream(delayed(START, 2)),
      fails: ['stream-start'],
      says: 'late',
    },
    {
      name: 'two opening events',
      source: 'APIS: stream-start',
      habits: stream((list) => [...list.slice(0, 1), ...list]),
      fails: ['stream-start'],
      says: 'twice',
    },
    {
      name: 'events without names',
      source: 'APIS: event-names',
      habits: stream(
        renamed(
          () => true,
          () => undefined,
        ),
      ),
      fails: ['event-names'],
      says: 'absent',
    },
    {
      name: 'a name that is another type',
      source: 'APIS: event-names',
      habits: stream(renamed(DELTA, () => 'content_block_start')),
      fails: ['event-names'],
      says: 'differs',
    },
    {
      name: 'text after the stop_reason',
      source: 'APIS: usage-last',
      habits: stream(before(STOP, named(late))),
      fails: ['usage-last'],
    },
    {
      name: 'a block that ends after the stop_reason',
      source: 'APIS: usage-last',
      habits: stream(
        delayed(typed('content_block_stop'), 999),
        without(STOP),
        appended(named({ type: 'message_stop' })),
      ),
      fails: ['usage-last'],
    },
    {
      name: 'an estimate at the start',
      source: 'Ollama 0.17.4: 10 at the start, 33 at the end',
      habits: lastUsage(() => ({ input_tokens: 333 })),
      fails: ['usage-consistent'],
      says: 'contradicts',
      suite: 'standard',
    },
    {
      name: 'a field that moves',
      source: 'vLLM 0.32.0 with prompt details, rapid-mlx 0.16',
      habits: stream((list) => {
        let sum = 0;
        return [
          changed(
            START,
            within(
              'message',
              within('usage', (usage) => {
                sum = sumOf(usage);
                return { input_tokens: sum, cache_read_input_tokens: 0 };
              }),
            ),
          ),
          changed(
            LAST,
            within('usage', () => ({ input_tokens: 1, cache_read_input_tokens: sum - 1 })),
          ),
        ].reduce((made, edit) => edit(made), list);
      }),
      fails: ['usage-consistent'],
      says: 'moved',
    },
    {
      name: 'an output that falls',
      source: 'APIS: usage-consistent',
      habits: stream(before(LAST, running(900))),
      fails: ['usage-consistent'],
      says: 'falls',
    },
    {
      name: 'zeros at the start',
      source: 'LiteLLM 1.106.2, xinference 4.1, llm-rosetta#424',
      habits: stream((list) => {
        let sum = 0;
        return [
          changed(
            START,
            within(
              'message',
              within('usage', (usage) => {
                sum = sumOf(usage);
                return { input_tokens: 0, cache_creation_input_tokens: 0, cache_read_input_tokens: 0 };
              }),
            ),
          ),
          changed(
            LAST,
            within('usage', () => ({ input_tokens: sum })),
          ),
        ].reduce((made, edit) => edit(made), list);
      }),
      fails: [],
      warns: ['usage-consistent'],
      warnsAtMost: true,
    },
    {
      name: 'zeros at the start, and never more',
      source: 'vllm-mlx 0.6: output only',
      habits: startUsage(() => ({
        input_tokens: 0,
        cache_creation_input_tokens: 0,
        cache_read_input_tokens: 0,
      })),
      fails: ['usage-nonzero'],
    },
    {
      name: 'an ignored stop string',
      source: 'LiteLLM 1.106.2',
      habits: {
        mapAnswer: (made, { stops: [word = ''] }) =>
          word === ''
            ? made
            : {
                ...made,
                choices: made.choices.map((one) => ({ ...one, text: [...one.text, word, ' and so on'] })),
              },
      },
      suite: 'standard',
      fails: [],
      warns: ['stop-named'],
    },
    {
      name: 'end_turn where a stop string ended it',
      source: 'llama.cpp 2026.10, Ollama 0.17.4',
      habits: ending({ stop_reason: 'end_turn' }),
      suite: 'standard',
      fails: [],
      warns: ['stop-named'],
    },
    {
      name: 'another stop string than was sent',
      source: 'APIS: stop-named',
      habits: ending({ stop_sequence: 'xyzzy' }),
      suite: 'standard',
      fails: [],
      warns: ['stop-named'],
    },
    {
      name: 'a stop string that is not named',
      source: 'Rapid-MLX#469',
      habits: ending({ stop_sequence: null }),
      suite: 'standard',
      fails: [],
      warns: ['stop-named'],
    },
    {
      name: 'another count than in chat',
      source: 'APIS: prompt-matches-chat',
      habits: prompts((tokens) => tokens + 5),
      besideChat: true,
      suite: 'standard',
      fails: [],
      warns: ['prompt-matches-chat'],
      warnsAtMost: true,
    },
    {
      name: 'text after an error',
      source: 'C11',
      habits: stream(
        before(
          LAST,
          named({ type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } }),
          named(late),
        ),
      ),
      suite: 'standard',
      fails: ['error-ends-stream'],
      mayAlso: ['parallel-independent', 'recovers-after-abort'],
    },
  ] satisfies ReadonlyArray<Omit<OtherBrokenServer, 'api'>>
).map((one) => ({ ...one, name: `messages: ${one.name}`, api: 'messages' }));
