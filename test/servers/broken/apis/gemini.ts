/** Google's generateContent that is wrong in one way each. */
import type { OtherBrokenServer } from '../../entries.ts';
import type { Asked, OtherHabits } from '../../other-api-server.ts';
import { isJson, type Json } from '../../request.ts';
import {
  appended,
  before,
  changed,
  plain,
  type StepTest,
  stream,
  streaming,
  when,
  whole,
  within,
  without,
} from '../../steps.ts';

const candidatesOf = ({ candidates }: Json): Json[] =>
  Array.isArray(candidates) ? candidates.filter(isJson) : [];
const LAST: StepTest = (json) => candidatesOf(json).some(({ finishReason }) => finishReason !== undefined);
const OPEN: StepTest = (json) => !LAST(json);
const ANY: StepTest = () => true;

/** The usage of every chunk and of whole answers. */
const usage = (change: (usage: Json) => Json): OtherHabits => ({
  ...stream(changed(ANY, within('usageMetadata', change))),
  ...whole(within('usageMetadata', change)),
});
const ending =
  (change: Json) =>
  (json: Json): Json => ({ candidates: candidatesOf(json).map((one) => ({ ...one, ...change })) });
const sum = (...counts: unknown[]) => counts.reduce<number>((all, count) => all + Number(count ?? 0), 0);
const arrayForm = (wire: string) =>
  `[${wire
    .split('\n\n')
    .filter((event) => event !== '')
    .map((event) => event.slice('data: '.length))
    .join(',\r\n')}]`;
const limited = ({ limit }: Asked) => limit <= 16;

export const gemini: OtherBrokenServer[] = (
  [
    {
      name: 'no usageMetadata',
      source: 'C1',
      habits: stream(changed(ANY, () => ({ usageMetadata: undefined }))),
      fails: ['usage-present'],
      says: 'absent',
    },
    {
      name: 'usageMetadata that is null',
      source: 'C1',
      habits: stream(changed(ANY, () => ({ usageMetadata: null }))),
      fails: ['usage-present'],
      says: 'null',
    },
    {
      name: 'no usageMetadata in a whole answer',
      source: 'C1',
      habits: whole(() => ({ usageMetadata: undefined })),
      fails: ['nonstream-usage'],
      says: 'absent',
    },
    {
      name: 'counts that are null',
      source: 'C2',
      habits: stream(
        changed(ANY, () => ({
          usageMetadata: { promptTokenCount: null, candidatesTokenCount: null, totalTokenCount: null },
        })),
      ),
      fails: ['usage-complete'],
      says: 'partial',
    },
    {
      name: 'streams count 0 of everything',
      source: 'LiteLLM 1.106.2',
      habits: stream(
        changed(ANY, () => ({
          usageMetadata: { promptTokenCount: 0, candidatesTokenCount: 0, totalTokenCount: 0 },
        })),
      ),
      fails: ['usage-nonzero'],
    },
    {
      name: 'no candidatesTokenCount though something came',
      source: 'C2',
      habits: stream(
        changed(
          ANY,
          within('usageMetadata', () => ({ candidatesTokenCount: undefined })),
        ),
      ),
      fails: ['usage-complete'],
      says: 'partial',
    },
    {
      name: 'no totalTokenCount',
      source: 'C2',
      habits: usage(() => ({ totalTokenCount: undefined })),
      fails: ['usage-complete', 'nonstream-usage'],
      says: 'partial',
    },
    {
      name: 'counts that are strings',
      source: 'C2',
      habits: stream(
        changed(
          ANY,
          within('usageMetadata', ({ promptTokenCount }) => ({ promptTokenCount: String(promptTokenCount) })),
        ),
      ),
      fails: ['usage-integers'],
      says: 'string',
    },
    {
      name: 'a count of thoughts that is a fraction',
      source: 'C2',
      habits: stream(
        changed(
          ANY,
          within('usageMetadata', () => ({ thoughtsTokenCount: 1.5 })),
        ),
      ),
      fails: ['usage-integers'],
      says: 'fraction',
    },
    {
      name: 'a total that is one too many',
      source: 'C8',
      habits: usage(({ totalTokenCount }) => ({ totalTokenCount: sum(totalTokenCount, 1) })),
      fails: ['usage-total', 'nonstream-usage'],
    },
    {
      name: 'a total without the thoughts',
      source: 'C8',
      habits: {
        traits: { reasoningTokens: 6 },
        ...usage(({ totalTokenCount, thoughtsTokenCount }) => ({
          totalTokenCount: sum(totalTokenCount) - sum(thoughtsTokenCount),
        })),
      },
      fails: ['usage-total', 'nonstream-usage'],
    },
    {
      name: 'thoughts that nobody counts',
      source: 'C6',
      habits: {
        traits: { reasoningTokens: 6 },
        ...usage(({ promptTokenCount, candidatesTokenCount, totalTokenCount }) => ({
          thoughtsTokenCount: undefined,
          totalTokenCount:
            candidatesTokenCount === undefined
              ? totalTokenCount
              : sum(promptTokenCount, candidatesTokenCount),
        })),
      },
      fails: ['completion-equals-limit'],
      // Where only thoughts came, nothing but the total tells of them.
      mayAlso: ['usage-total', 'nonstream-usage'],
    },
    {
      name: 'a total without the prompts of tools',
      source: 'C8',
      habits: usage(() => ({ toolUsePromptTokenCount: 7 })),
      fails: ['usage-total', 'nonstream-usage'],
    },
    {
      name: 'thoughts that came and count 0',
      source: 'A9',
      habits: {
        traits: { reasoningTokens: 6 },
        ...usage(({ thoughtsTokenCount, candidatesTokenCount }) => ({
          thoughtsTokenCount: 0,
          candidatesTokenCount: sum(candidatesTokenCount, thoughtsTokenCount),
        })),
      },
      fails: [],
      warns: ['reasoning-counted'],
    },
    {
      name: 'more cached than the prompt has',
      source: 'A10',
      habits: usage(() => ({ cachedContentTokenCount: 99_999 })),
      fails: ['cached-within-prompt'],
    },
    {
      name: 'counts on the first chunk alone',
      source: 'C3',
      habits: stream((list) =>
        changed(ANY, (_json, at) => (at === 0 ? {} : { usageMetadata: undefined }))(list),
      ),
      fails: ['completion-equals-limit'],
      mayAlso: ['completion-matches-nonstream'],
    },
    {
      name: 'no finishReason',
      source: 'C11',
      habits: stream(changed(LAST, ending({ finishReason: undefined }))),
      fails: ['stream-end'],
      says: 'missing',
    },
    {
      name: 'a stream that closes before its last chunk',
      source: 'C11',
      habits: stream(without(LAST)),
      fails: ['stream-end'],
      says: 'missing',
    },
    {
      name: 'no finishReason in a whole answer',
      source: 'C11',
      habits: whole(ending({ finishReason: undefined })),
      fails: ['finish-once'],
      says: 'none',
    },
    {
      name: 'a finishReason that is a number',
      source: 'C11',
      habits: stream(changed(LAST, ending({ finishReason: 2 }))),
      fails: ['finish-once'],
      says: 'none',
    },
    {
      name: 'two reasons that contradict each other',
      source: 'C11',
      habits: stream(changed(OPEN, (json, at) => (at === 0 ? ending({ finishReason: 'OTHER' })(json) : {}))),
      fails: ['finish-once'],
      says: 'contradictory',
    },
    {
      name: 'a stream cut half-way',
      source: 'C11',
      habits: { ...stream((list) => list.slice(0, Math.ceil(list.length / 2))), cuts: streaming },
      fails: ['stream-end'],
      says: 'cut off',
    },
    {
      name: 'a stream cut behind its last chunk',
      source: 'C11',
      habits: { cuts: streaming },
      fails: ['stream-end'],
      says: 'cut off',
    },
    {
      name: 'STOP where the limit of a stream was reached',
      source: 'vllm#31836',
      habits: when(limited, stream(changed(LAST, ending({ finishReason: 'STOP' })))),
      fails: ['finish-reason-length'],
    },
    {
      name: 'text after an error',
      source: 'C11',
      habits: stream(
        before(LAST, { json: { error: { code: 503, message: 'overloaded', status: 'UNAVAILABLE' } } }),
      ),
      suite: 'standard',
      fails: ['error-ends-stream'],
      mayAlso: ['parallel-independent', 'recovers-after-abort'],
    },
    {
      name: 'a stream that is one list',
      source: 'Gemini without alt=sse',
      habits: { mapWire: arrayForm, headers: { 'content-type': 'application/json' } },
      fails: ['request-answered'],
    },
    {
      name: 'a whole answer that is a list',
      source: 'Gemini without alt=sse',
      habits: when(plain, { mapBody: (body, { number }) => (number === 1 ? body : [body]) }),
      fails: ['request-answered'],
    },
    {
      name: 'a whole answer without candidates',
      source: 'APIS: a 2xx of the right kind',
      habits: whole(() => ({ candidates: undefined })),
      fails: ['request-answered'],
    },
    {
      name: 'an event that is no JSON',
      source: 'K20',
      habits: stream(before(LAST, { raw: 'data: {"candidates":\n\n' })),
      fails: ['event-json'],
    },
    {
      name: 'an event that is a list',
      source: 'Gemini without alt=sse',
      habits: stream(appended({ raw: 'data: [{"candidates":[]}]\n\n' })),
      fails: ['event-json'],
    },
    {
      name: 'an empty text counts',
      source: 'C6 C9',
      habits: when(
        streaming,
        stream(
          changed(LAST, (json) =>
            candidatesOf(json).some(({ finishReason }) => finishReason === 'STOP')
              ? within('usageMetadata', ({ candidatesTokenCount, totalTokenCount }) => ({
                  candidatesTokenCount: sum(candidatesTokenCount, 1),
                  totalTokenCount: sum(totalTokenCount, 1),
                }))(json)
              : {},
          ),
        ),
      ),
      suite: 'standard',
      fails: ['completion-matches-nonstream'],
    },
  ] satisfies ReadonlyArray<Omit<OtherBrokenServer, 'api'>>
).map((fault): OtherBrokenServer => ({ ...fault, api: 'gemini', name: `gemini: ${fault.name}` }));
