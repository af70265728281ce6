/** Random requests to llama-cpp-python, each special in one way that makes counting from outside hard. */
import fc from 'fast-check';
import type { Asked } from './usage-server-answer.ts';

/** The window of the server that they are made for, in tokens: small, so that filling it is quick. */
export const CONTEXT = 256;

const WORDS = 'Once upon a time there was Lily Tom who liked big red 東京 café 🍎 the tree and said';
const text = fc
  .array(fc.constantFrom(...WORDS.split(' ')), { minLength: 1, maxLength: 20 })
  .map((words) => words.join(' '));
const limit = fc.integer({ min: 1, max: 24 });

/** Ids of the tokens that are bytes of é, 你 and 💒, and of the one that ends an answer, in stories260K. */
const BYTES = [
  [198, 172],
  [231, 192, 163],
  [243, 162, 149],
].map((ids) => Object.fromEntries(ids.map((id) => [id, 50])));
const END = { 2: 20 };

const parameters = { type: 'object', properties: { city: { type: 'string' }, days: { type: 'integer' } } };
const weather = { name: 'weather', description: 'Tells the weather', parameters };
export const tools = [{ type: 'function', function: weather }];

/** What both APIs take. */
const common: Readonly<Record<string, fc.Arbitrary<object>>> = {
  text: fc.record({ max_tokens: limit }),
  stop: fc.record({
    max_tokens: fc.integer({ min: 8, max: 48 }),
    stop: fc.uniqueArray(fc.constantFrom(' the', 'was', '.', 'One day', 'upon a', '\n', 'e'), {
      ...{ minLength: 1, maxLength: 3 },
    }),
  }),
  bytes: fc.record({ max_tokens: limit, logit_bias: fc.constantFrom(...BYTES) }),
  'bytes and stop': fc.record({
    max_tokens: limit,
    logit_bias: fc.constantFrom(...BYTES),
    stop: fc.constantFrom('é', '你', '💒', '\u{FFFD}'),
  }),
  end: fc.record({ max_tokens: fc.constant(60), logit_bias: fc.constant(END) }),
  window: fc.record({ max_tokens: fc.constantFrom(0, CONTEXT) }),
  n: fc.record({ max_tokens: limit, n: fc.integer({ min: 2, max: 4 }) }),
  minimum: fc.record({ max_tokens: limit, min_tokens: limit, logit_bias: fc.constant(END) }),
};
const ofChat: Readonly<Record<string, fc.Arbitrary<object>>> = {
  'tools offered': fc.record({ max_tokens: limit, tools: fc.constant(tools) }),
  'no message': fc.record({ max_tokens: limit, messages: fc.constant([]) }),
};
const ofChatByGrammar: Readonly<Record<string, fc.Arbitrary<object>>> = {
  tool: fc.record({
    max_tokens: fc.integer({ min: 1, max: 60 }),
    tools: fc.constant(tools),
    tool_choice: fc.constant({ type: 'function', function: { name: 'weather' } }),
  }),
  function: fc.record({
    max_tokens: fc.integer({ min: 1, max: 60 }),
    functions: fc.constant([weather]),
    function_call: fc.constant({ name: 'weather' }),
  }),
  json: fc.record({ max_tokens: limit, response_format: fc.constant({ type: 'json_object' }) }),
};
const ofCompletions: Readonly<Record<string, fc.Arbitrary<object>>> = {
  'no prompt': fc.record({ max_tokens: limit, prompt: fc.constantFrom('', []) }),
  'list of one': fc.record({ max_tokens: limit, prompt: text.map((one) => [one]) }),
  echo: fc.record({ max_tokens: limit, echo: fc.constant(true) }),
  suffix: fc.record({ max_tokens: limit, suffix: text }),
};

/** Four of six stream, and three of them ask for usage. */
const MODES = ['asked', 'whole', 'asked', 'unasked', 'asked', 'whole'] as const;
const UNASKED = [{}, { stream_options: { include_usage: false } }, { stream_options: null }];

/**
 * `count` random requests, the same for the same seed; each kind comes in its turn, once round in each of the modes.
 * @param grammars whether the version survives one
 */
export function requests(count: number, seed: number, grammars: boolean): Asked[] {
  const chat = { ...common, ...ofChat, ...(grammars ? ofChatByGrammar : {}) };
  const kinds = [
    ...Object.entries(chat).map((kind) => ['chat', ...kind] as const),
    ...Object.entries({ ...common, ...ofCompletions }).map((kind) => ['completions', ...kind] as const),
  ];
  return Array.from({ length: count }, (_, index) => {
    const [api, kind, special] = at(kinds, index);
    const mode = at(MODES, Math.floor(index / kinds.length));
    const one = fc
      .record({
        said: text,
        body: special,
        options: fc.record({ seed: fc.nat(), temperature: fc.constantFrom(0, 0.7, 1.2) }),
        unasked: fc.constantFrom(...UNASKED),
      })
      .map(({ said, body, options, unasked }) => ({
        ...(api === 'chat' ? { messages: [{ role: 'user', content: said }] } : { prompt: said }),
        ...options,
        ...body,
        ...(mode === 'asked' ? { stream_options: { include_usage: true } } : unasked),
      }));
    const [body = {}] = fc.sample(one, { numRuns: 1, seed: seed + index });
    return { kind, api, stream: mode !== 'whole', usage: mode !== 'unasked', body };
  });
}

/** The entry of a list that begins anew at its end. */
function at<T>(list: readonly T[], index: number): T {
  const entry = list[index % list.length];
  if (entry === undefined) throw new Error('the list is empty');
  return entry;
}
