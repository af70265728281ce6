/** Ollama's chat and generate that are wrong in one way each. */
import type { OtherBrokenServer } from '../../entries.ts';
import type { Json } from '../../request.ts';
import {
  again,
  appended,
  before,
  changed,
  plain,
  prompts,
  type StepTest,
  stream,
  when,
  whole,
  without,
} from '../../steps.ts';

const DONE: StepTest = ({ done }) => done === true;
const OPEN: StepTest = ({ done }) => done !== true;

/** The object that ends an answer, in both modes. */
const both = (change: (json: Json) => Json) => ({ ...stream(changed(DONE, change)), ...whole(change) });

const faults: ReadonlyArray<Omit<OtherBrokenServer, 'api'>> = [
  {
    name: 'an event stream in place of lines',
    source: 'APIS: a 2xx of the right kind',
    habits: { mapWire: (wire) => wire.replace(/^\{/gm, 'data: {').replace(/\n/g, '\n\n') },
    fails: ['request-answered'],
  },
  {
    name: 'lines of an event stream after the first',
    source: 'APIS: a 2xx of the right kind',
    habits: stream(before(DONE, { raw: 'data: {}\n' })),
    fails: ['request-answered'],
  },
  {
    name: 'an answer without done',
    source: 'APIS: a 2xx of the right kind',
    habits: whole(() => ({ done: undefined })),
    fails: ['request-answered'],
  },
  {
    name: 'a broken line',
    source: 'K20',
    habits: stream(before(DONE, { raw: '{"model":\n' })),
    fails: ['event-json'],
  },
  {
    name: 'no line that ends it',
    source: 'Ollama 0.17.4 (repetition)',
    habits: stream(without(DONE)),
    fails: ['stream-end'],
    says: 'missing',
  },
  {
    name: 'done:false on the last line',
    source: 'C11',
    habits: stream(changed(DONE, () => ({ done: false }))),
    fails: ['stream-end'],
    says: 'missing',
  },
  { name: 'two ends', source: 'C11', habits: stream(again(DONE)), fails: ['stream-end'], says: 'twice' },
  {
    name: 'a line after the end',
    source: 'C11',
    habits: stream(
      appended({ json: { model: 'toy', message: { content: 'x' }, response: 'x', done: false } }),
    ),
    fails: ['stream-end'],
    says: 'early',
  },
  {
    name: 'done:false in a whole answer',
    source: 'Ollama 0.17.4 (repetition)',
    habits: whole(() => ({ done: false })),
    fails: ['nonstream-usage'],
    says: 'absent: done:false',
  },
  {
    name: 'a whole answer that is only a part, without counts and reason',
    source: 'Ollama 0.17.4 (repetition)',
    habits: whole(() => ({
      done: false,
      done_reason: undefined,
      prompt_eval_count: undefined,
      eval_count: undefined,
    })),
    fails: ['nonstream-usage'],
    says: 'absent: done:false',
  },
  {
    name: 'no counts',
    source: 'C1',
    habits: stream(changed(DONE, () => ({ prompt_eval_count: undefined, eval_count: undefined }))),
    fails: ['usage-present'],
    says: 'absent',
  },
  {
    name: 'counts that are null',
    source: 'C1',
    habits: stream(changed(DONE, () => ({ prompt_eval_count: null, eval_count: null }))),
    fails: ['usage-present'],
    says: 'null',
  },
  {
    name: 'counts on an earlier line alone',
    source: 'C3',
    habits: stream((list) => {
      const counts = { prompt_eval_count: 30, eval_count: 8 };
      const moved = changed(DONE, () => ({ prompt_eval_count: undefined, eval_count: undefined }))(list);
      return changed(OPEN, (_json, at) => (at === 2 ? counts : {}))(moved);
    }),
    fails: ['usage-present'],
    says: 'absent',
  },
  {
    name: 'counts that grow on every line',
    source: 'C5',
    habits: stream(changed(OPEN, (_json, at) => ({ prompt_eval_count: 30, eval_count: at + 1 }))),
    fails: ['usage-once'],
    says: 'cumulative',
  },
  {
    name: 'no eval_count though something came',
    source: 'C2',
    habits: stream(changed(DONE, () => ({ eval_count: undefined }))),
    fails: ['usage-complete'],
  },
  {
    name: 'no prompt_eval_count for a warm prompt',
    source: 'ollama#2068, ollama#3427',
    habits: when(
      ({ seenInMode }) => seenInMode > 0,
      both(() => ({ prompt_eval_count: undefined })),
    ),
    suite: 'standard',
    fails: ['usage-complete', 'nonstream-usage'],
    // Neither has a count to compare there.
    mayAlso: ['parallel-independent', 'recovers-after-abort'],
  },
  {
    name: 'counts that are strings',
    source: 'C2',
    habits: stream(changed(DONE, ({ eval_count }) => ({ eval_count: String(eval_count) }))),
    fails: ['usage-integers'],
  },
  {
    name: 'more cached than the prompt has',
    source: 'A10',
    habits: both(() => ({ prompt_eval_cached_count: 99_999 })),
    fails: ['cached-within-prompt'],
  },
  {
    name: 'no model at the end',
    source: 'C11',
    habits: stream(changed(DONE, () => ({ model: undefined }))),
    fails: ['usage-chunk-envelope'],
  },
  {
    name: 'no done_reason',
    source: 'C11',
    habits: stream(changed(DONE, () => ({ done_reason: undefined }))),
    fails: ['finish-once'],
    says: 'none',
  },
  {
    name: 'an empty done_reason',
    source: 'APIS: finish-once',
    habits: when(
      plain,
      whole(() => ({ done_reason: '' })),
    ),
    fails: ['finish-once'],
    says: 'none',
  },
  {
    name: 'a done_reason before the end alone',
    source: 'APIS: finish-once',
    habits: stream(
      changed(OPEN, () => ({ done_reason: 'length' })),
      changed(DONE, () => ({ done_reason: undefined })),
    ),
    fails: ['finish-once'],
  },
  {
    name: 'length where a stop string ended it',
    source: 'APIS: stop-named',
    habits: when(
      ({ stops }) => stops.length > 0,
      both(() => ({ done_reason: 'unload' })),
    ),
    suite: 'standard',
    fails: [],
    warns: ['stop-named'],
  },
  {
    name: 'a line after an error',
    source: 'C11',
    habits: stream(
      before(
        DONE,
        { json: { error: 'llama runner stopped' } },
        { json: { message: { content: 'x' }, response: 'x', done: false } },
      ),
    ),
    suite: 'standard',
    fails: ['error-ends-stream'],
    mayAlso: ['parallel-independent', 'recovers-after-abort'],
  },
];

export const ollama: OtherBrokenServer[] = [
  ...(['ollama-chat', 'ollama-generate'] as const).flatMap((api) =>
    faults.map((fault) => ({ ...fault, api, name: `${api}: ${fault.name}` })),
  ),
  {
    name: 'ollama-chat: another count than in chat',
    api: 'ollama-chat',
    source: 'APIS: prompt-matches-chat',
    habits: prompts((tokens) => tokens + 5),
    besideChat: true,
    suite: 'standard',
    fails: [],
    warns: ['prompt-matches-chat'],
    warnsAtMost: true,
  },
];
