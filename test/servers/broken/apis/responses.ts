/** Responses that are wrong in one way each. */
import type { OtherBrokenServer } from '../../entries.ts';
import { isJson, type Json } from '../../request.ts';
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
  whole,
  within,
  without,
} from '../../steps.ts';

const ENDS = typed('response.completed', 'response.incomplete');
const CREATED = typed('response.created');
const all = () => true;

/** The response that ends a stream, changed. */
const last = (change: (response: Json) => Json) => stream(changed(ENDS, within('response', change)));
const usage = (change: (usage: Json) => Json) => last(within('usage', change));
const detail = (holder: string, change: (held: Json) => Json) => {
  const edit = within(holder, change);
  return { ...usage(edit), ...whole(within('usage', edit)) };
};
const late = { type: 'response.output_text.delta', item_id: 'x', delta: ' more', sequence_number: 999 };

export const responses: OtherBrokenServer[] = (
  [
    {
      name: 'a JSON body where a stream was asked for',
      source: 'C11',
      habits: { mapWire: () => '{"id":"r","object":"response","status":"completed","output":[]}' },
      fails: ['request-answered'],
    },
    {
      name: 'a chat completion in place of a response',
      source: 'APIS: a 2xx of the right kind; in place of the very first one it means that the API is absent',
      habits: {
        mapBody: (body, { number }) =>
          number === 1 ? body : { id: 'x', object: 'chat.completion', choices: [] },
      },
      fails: ['request-answered'],
    },
    {
      name: 'chunks of chat in its stream',
      source: 'APIS: a 2xx of the right kind',
      habits: stream(changed(all, () => ({ type: undefined, object: 'chat.completion.chunk' }))),
      fails: ['request-answered'],
    },
    {
      name: 'an event that is no JSON',
      source: 'K20',
      habits: stream(before(ENDS, { raw: 'data: {"type":\n\n' })),
      fails: ['event-json'],
    },
    {
      name: 'no event that ends it',
      source: 'vllm 0.11',
      habits: stream(without(ENDS)),
      fails: ['stream-end'],
      says: 'missing',
    },
    {
      name: '[DONE] in place of the event that ends it',
      source: 'APIS: [DONE] is no end marker',
      habits: stream(without(ENDS), appended({ raw: 'data: [DONE]\n\n' })),
      fails: ['stream-end'],
      says: 'missing',
    },
    { name: 'two ends', source: 'C11', habits: stream(again(ENDS)), fails: ['stream-end'], says: 'twice' },
    {
      name: 'two [DONE] after the end',
      source: 'APIS: a second one is twice',
      habits: stream(appended({ raw: 'data: [DONE]\n\n' }, { raw: 'data: [DONE]\n\n' })),
      fails: ['stream-end'],
      says: 'twice',
    },
    {
      name: 'text after the end',
      source: 'C11',
      habits: stream(appended(named(late))),
      fails: ['stream-end'],
      says: 'early',
    },
    {
      name: 'no usage at the end',
      source: 'transformers 4.57',
      habits: last(() => ({ usage: undefined })),
      fails: ['usage-present'],
      says: 'absent',
    },
    {
      name: 'usage null at the end',
      source: 'C1',
      habits: last(() => ({ usage: null })),
      fails: ['usage-present'],
      says: 'null',
    },
    {
      name: 'usage in an earlier snapshot alone',
      source: 'APIS: usage of the terminal event',
      habits: stream(
        changed(
          typed('response.in_progress'),
          within('response', () => ({ usage: { input_tokens: 9, output_tokens: 0, total_tokens: 9 } })),
        ),
        changed(
          ENDS,
          within('response', () => ({ usage: undefined })),
        ),
      ),
      fails: ['usage-present'],
      says: 'absent',
    },
    {
      name: 'usage in an earlier snapshot, too',
      source: 'C3',
      habits: stream(
        changed(
          typed('response.in_progress'),
          within('response', () => ({ usage: { input_tokens: 9, output_tokens: 0, total_tokens: 9 } })),
        ),
      ),
      fails: ['usage-once'],
    },
    {
      name: 'no total',
      source: 'C2',
      habits: usage(() => ({ total_tokens: undefined })),
      fails: ['usage-complete'],
    },
    {
      name: 'counts that are strings',
      source: 'C2',
      habits: usage(({ output_tokens }) => ({ output_tokens: String(output_tokens) })),
      fails: ['usage-integers'],
    },
    {
      name: 'a detail that is a fraction',
      source: 'C2',
      habits: usage(within('input_tokens_details', () => ({ cache_write_tokens: 1.5 }))),
      fails: ['usage-integers'],
    },
    {
      name: 'a total that is no sum',
      source: 'async-openai#404, C8',
      habits: usage(({ total_tokens }) => ({ total_tokens: Number(total_tokens) + 1 })),
      fails: ['usage-total'],
    },
    {
      name: 'another id at the end',
      source: 'K17',
      habits: last(() => ({ id: 'resp_other' })),
      fails: ['usage-chunk-id'],
    },
    {
      name: 'no id at the end',
      source: 'C11',
      habits: last(() => ({ id: undefined })),
      fails: ['usage-chunk-envelope'],
    },
    {
      name: 'no model at the end',
      source: 'C11',
      habits: last(() => ({ model: undefined })),
      fails: ['usage-chunk-envelope'],
    },
    {
      name: 'object chat.completion at the end',
      source: 'C11',
      habits: last(() => ({ object: 'chat.completion' })),
      fails: ['usage-chunk-envelope'],
    },
    {
      name: 'no usage without streaming',
      source: 'C1',
      habits: whole(() => ({ usage: undefined })),
      fails: ['nonstream-usage'],
      says: 'absent',
    },
    {
      name: 'a sum without streaming that does not add up',
      source: 'C8',
      habits: whole(within('usage', ({ total_tokens }) => ({ total_tokens: Number(total_tokens) + 2 }))),
      fails: ['nonstream-usage'],
      says: 'sum',
    },
    {
      name: 'a status that is missing',
      source: 'C11',
      habits: last(() => ({ status: undefined, incomplete_details: null })),
      fails: ['finish-once'],
    },
    {
      name: 'a whole answer that is still in progress',
      source: 'C11',
      habits: whole(() => ({ status: 'in_progress', incomplete_details: null })),
      fails: ['finish-once'],
    },
    {
      name: 'more cached than the prompt has',
      source: 'mlx-openai-server 1.6: cached 22 of input 1',
      habits: detail('input_tokens_details', () => ({ cached_tokens: 99_999 })),
      fails: ['cached-within-prompt'],
    },
    {
      name: 'more reasoning than was generated',
      source: 'A9',
      habits: detail('output_tokens_details', () => ({ reasoning_tokens: 99_999 })),
      fails: ['reasoning-within-completion'],
    },
    {
      name: 'reasoning that counts 0',
      source: 'C8',
      habits: {
        traits: { reasoningTokens: 4 },
        ...detail('output_tokens_details', () => ({ reasoning_tokens: 0 })),
      },
      fails: [],
      warns: ['reasoning-counted'],
    },
    {
      name: 'no opening event',
      source: 'APIS: stream-start',
      habits: stream(without(CREATED)),
      fails: ['stream-start'],
      says: 'missing',
    },
    {
      name: 'an opening event after others',
      source: 'APIS: stream-start',
      habits: stream(delayed(CREATED, 3), renumbered()),
      fails: ['stream-start'],
      says: 'late',
    },
    {
      name: 'two opening events',
      source: 'APIS: stream-start',
      habits: stream((list) => [...list.slice(0, 1), ...list], renumbered()),
      fails: ['stream-start'],
      says: 'twice',
    },
    {
      name: 'all events are called message',
      source: 'APIS: event-names',
      habits: stream(renamed(all, () => 'message')),
      fails: ['event-names'],
      says: 'differs',
    },
    {
      name: 'response.completed though it is incomplete',
      source: 'vllm 0.32.0, agentic-api#273',
      habits: stream(
        changed(ENDS, () => ({ type: 'response.completed' })),
        renamed(ENDS, () => 'response.completed'),
      ),
      fails: ['terminal-status'],
      says: 'differs',
    },
    {
      name: 'in progress at its end',
      source: 'APIS: terminal-status',
      habits: last(() => ({ status: 'in_progress' })),
      fails: ['terminal-status'],
      says: 'differs',
    },
    {
      name: 'incomplete for no reason',
      source: 'APIS: terminal-status',
      habits: {
        ...last(() => ({ incomplete_details: null })),
        ...whole(() => ({ incomplete_details: null })),
      },
      fails: ['terminal-status'],
      says: 'no-reason',
    },
    {
      name: 'completed, with a reason why not',
      source: 'APIS: terminal-status',
      habits: {
        ...stream(
          changed(ENDS, (json) => ({
            type: 'response.completed',
            ...within('response', () => ({ status: 'completed' }))(json),
          })),
          renamed(ENDS, () => 'response.completed'),
        ),
      },
      fails: ['terminal-status'],
      says: 'reason',
    },
    {
      name: 'events without numbers',
      source: 'llama.cpp 2026.10',
      habits: stream(changed(all, () => ({ sequence_number: undefined }))),
      fails: [],
      warns: ['sequence-numbers'],
    },
    {
      name: 'a number on the last event alone',
      source: 'LiteLLM 1.106.2',
      habits: stream(
        changed(
          (json) => !ENDS(json),
          () => ({ sequence_number: undefined }),
        ),
      ),
      fails: [],
      warns: ['sequence-numbers'],
    },
    {
      name: 'the same number on all events',
      source: 'APIS: sequence-numbers',
      habits: stream(changed(all, () => ({ sequence_number: 0 }))),
      fails: [],
      warns: ['sequence-numbers'],
    },
    {
      name: 'no details of the output',
      source: 'llama.cpp#22659',
      habits: {
        ...usage(() => ({ output_tokens_details: undefined })),
        ...whole(within('usage', () => ({ output_tokens_details: undefined }))),
      },
      fails: [],
      warns: ['usage-details'],
    },
    {
      name: 'details that are null',
      source: 'LiteLLM 1.106.2',
      habits: detail('output_tokens_details', () => ({ reasoning_tokens: null })),
      fails: [],
      warns: ['usage-details'],
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
      name: 'one id for all',
      source: 'K17',
      habits: {
        ...stream(
          changed(
            (json) => isJson(json.response),
            within('response', () => ({ id: 'resp_0' })),
          ),
        ),
      },
      suite: 'standard',
      fails: ['sequence-independent'],
    },
    {
      name: 'text after an error',
      source: 'C11',
      habits: stream(
        before(ENDS, named({ type: 'error', code: 'server_error', message: 'out of memory' }), named(late)),
      ),
      suite: 'standard',
      fails: ['error-ends-stream'],
      mayAlso: ['parallel-independent', 'recovers-after-abort'],
    },
  ] satisfies ReadonlyArray<Omit<OtherBrokenServer, 'api'>>
).map((one) => ({ ...one, name: `responses: ${one.name}`, api: 'responses' }));

/** Numbers that rise again after events were moved. */
function renumbered() {
  return changed(all, (_json, at) => ({ sequence_number: at }));
}
