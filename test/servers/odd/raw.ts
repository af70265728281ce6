/** What the checks of raw text, of deltas, of log probabilities and of details could take for faults, and which is none. */
import { all, chat, legacy, option, plain, several, streaming, when, withLogprobs } from '../conditions.ts';
import { changed, changedChoices, choicesOf, events, isFinish, isTrailer, rewrittenUsage } from '../edits.ts';
import type { OddServer } from '../entries.ts';
import type { Habits, StreamEvent, Usage } from '../habits.ts';
import { errorBody } from '../plain-answer.ts';
import { isJson, type Json, type Mode } from '../request.ts';

const USAGE = '"usage":{';
const put = (before: string, text: string) => (json: string) =>
  json.replace(before, () => `${before}${text}`);
const deep = (depth: number) => `${'{"a":['.repeat(depth)}1.50${']}'.repeat(depth)}`;

const texts: readonly OddServer[] = [
  {
    name: 'numbers that are no counts are written with fractions and exponents',
    source: 'usage-plain-json: numbers like cost or created are free',
    habits: rewrittenUsage((json) =>
      put(
        USAGE,
        '"cost":1.0,"rate":4.5e1,"reasoning_tokens":0.0,"cost_details":{"prompt_tokens":3.0,"total_tokens":1e3},',
      )(json.replace(/"created":\d+/, '"created":1.7e9')),
    ),
  },
  {
    name: 'numbers of the details that are no tokens are fractions',
    source: 'usage-plain-json: *_tokens of the details',
    habits: rewrittenUsage(put('"prompt_tokens_details":{', '"cached_share":0.50,"audio_tokens":null,')),
  },
  {
    name: 'keys come twice in other objects',
    source: 'usage-plain-json: other objects are free',
    habits: rewrittenUsage((json) =>
      put(
        '{',
        '"meta":{"usage":1,"usage":{"prompt_tokens":1.0},"usage":[]},"list":[{"a":1,"a":1}],',
      )(put(USAGE, '"timings":{"ms":1,"ms":2.0},')(json)),
    ),
  },
  {
    name: 'keys come twice in chunks without usage',
    source: 'usage-plain-json: the judged usage’s chunk',
    habits: {
      mapWire: (wire) =>
        wire
          .split('\n\n')
          .map((event) => (event.includes(USAGE) ? event : event.replace('{', '{"model":"x",')))
          .join('\n\n'),
    },
  },
  {
    name: 'texts hold braces, quotes and whole usages',
    source: 'usage-plain-json: a text is no object',
    habits: rewrittenUsage(
      put('{', `"note":${JSON.stringify('}\\"],"usage":{"prompt_tokens":1.0},"model":{[')},"\\\\":"\\\\",`),
    ),
  },
  {
    name: 'usage is written over several lines, with blanks',
    source: 'RFC 8259: insignificant whitespace',
    habits: {
      mapWire: (wire) => wire.replace(/"(\w+)":(\d+)([,}])/g, '"$1" : $2 $3'),
      mapBodyText: (text) => JSON.stringify(JSON.parse(text), null, 2),
    },
  },
  {
    name: 'names are written with escapes',
    source: 'RFC 8259: a character may be escaped',
    habits: rewrittenUsage((json) =>
      json.replace('"usage"', '"us\\u0061ge"').replace('"prompt_tokens"', '"prompt\\u005ftokens"'),
    ),
  },
  {
    name: 'keys differ in case only, and one is __proto__',
    source: 'RFC 8259: names differ by their characters',
    habits: rewrittenUsage(
      put(USAGE, '"Prompt_Tokens":1.0,"__proto__":{"prompt_tokens":2.0},"constructor":1,'),
    ),
  },
  {
    name: 'a deep and large object beside the usage',
    source: 'never a fail: extra fields',
    habits: rewrittenUsage(put('{', `"deep":${deep(60)},"large":${JSON.stringify('[{"'.repeat(9000))},`)),
  },
];

const delta = (fields: (event: StreamEvent) => Json): Habits =>
  when(chat, {
    mapEvents: (list) =>
      list.map((event) =>
        choicesOf(event).length === 0
          ? event
          : (changedChoices(
              () => true,
              (choice) => ({ delta: { ...(choice.delta as Json), ...fields(event) } }),
            )([event])[0] ?? event),
      ),
  });

const deltas: readonly OddServer[] = [
  {
    name: 'other keys of a delta hold anything',
    source: 'delta-types: other keys are free',
    habits: delta(() => ({
      role: 7,
      reasoning: { text: '' },
      refusal: [],
      audio: { data: 1 },
      text: 5,
      arguments: {},
      reasoning_details: [{ index: 0 }],
      annotations: [],
    })),
  },
  {
    name: 'reasoning content is null, and the content of the last delta',
    source: 'delta-types: strings, null or absent',
    habits: delta((event) => ({ reasoning_content: null, ...(isFinish(event) ? { content: null } : {}) })),
  },
  {
    name: 'tool calls null, empty, without a function or without arguments',
    source: 'delta-types: strings, null or absent',
    habits: delta((event) => {
      const [choice] = choicesOf(event);
      if (isJson(choice?.delta) && 'tool_calls' in choice.delta) return {};
      const calls = [
        null,
        [],
        [{ index: 0 }],
        [{ index: 0, function: { arguments: null } }],
        [{ function: null }],
      ];
      return { tool_calls: calls[JSON.stringify(choice).length % calls.length] };
    }),
  },
  {
    name: 'the text of the last legacy chunk is null',
    source: 'delta-types: strings, null or absent',
    habits: when(all(legacy, streaming), events(changedChoices(isFinish, () => ({ text: null })))),
  },
  {
    name: 'a usage chunk with a text that is a number',
    source: 'delta-types: what holds no delta is free',
    habits: events(changed(isTrailer, () => ({ text: 1, delta: { content: [] } }))),
  },
];

const logprobsOf = (change: (logprobs: Json, finish: unknown) => unknown): Habits => {
  const changes = (choice: Json) =>
    isJson(choice.logprobs) ? { ...choice, logprobs: change(choice.logprobs, choice.finish_reason) } : choice;
  return {
    mapEvents: changedChoices(() => true, changes),
    mapBody: (body) => ({ ...body, choices: (body.choices as Json[]).map(changes) }),
  };
};
/** The finish chunk, or the body, has an entry for the end token. */
const endHasOne: Habits = when(withLogprobs, {
  mapEvents: changedChoices(isFinish, (choice) =>
    choice.finish_reason === 'length'
      ? {}
      : { logprobs: 'delta' in choice ? { content: [{ token: '' }] } : { tokens: [''] } },
  ),
  mapBody: (body) => ({
    ...body,
    choices: (body.choices as Json[]).map((choice) => {
      if (choice.finish_reason === 'length' || !isJson(choice.logprobs)) return choice;
      const { content, tokens } = choice.logprobs;
      const more = (list: unknown) => (Array.isArray(list) ? [...list, { token: '' }] : list);
      return { ...choice, logprobs: { ...choice.logprobs, content: more(content), tokens: more(tokens) } };
    }),
  }),
});

const entries: readonly OddServer[] = [
  {
    name: 'log probabilities without the end token, which counts',
    source: 'completion-matches-logprobs: the end token',
    habits: { traits: { endsAfter: 5, countsEnd: true } },
  },
  {
    name: 'log probabilities with the end token, which does not count',
    source: 'completion-matches-logprobs: the end token',
    habits: { traits: { endsAfter: 5 }, ...endHasOne },
  },
  {
    name: 'log probabilities are asked for and do not come',
    source: 'completion-matches-logprobs: no entries',
    habits: logprobsOf(() => null),
  },
  {
    name: 'lists of log probabilities are empty',
    source: 'completion-matches-logprobs: no entries',
    habits: logprobsOf(() => ({ content: [], tokens: [], refusal: null })),
  },
  {
    name: 'legacy completions list their log probabilities as chat does',
    source: 'kekzl/imp#1589',
    habits: logprobsOf(({ content, tokens }) => ({ content: content ?? tokens })),
  },
  {
    name: 'a reasoning model with log probabilities of its text only',
    source: 'A: log probabilities of the message content tokens',
    habits: { traits: { reasoningTokens: 3 } },
  },
  {
    name: 'several tokens and their log probabilities a chunk',
    source: 'completion-matches-logprobs: summed over the chunks',
    habits: { tokensPerChunk: 3, finishWithLastToken: true },
  },
].map((server) => ({ ...server, suite: 'full' as const }));

/** Whatever was asked for. */
const unasked: Habits = {
  instead: (context) => {
    context.logprobs = true;
    return undefined;
  },
};

const everywhere: readonly OddServer[] = [
  {
    name: 'log probabilities come unasked, and withheld stop strings count',
    source: 'completion-matches-logprobs: any answer with entries',
    habits: { ...unasked, traits: { countsWithheldStop: true, countsEnd: true } },
  },
  {
    name: 'log probabilities come unasked, and differ from call to call',
    source: 'completion-matches-logprobs: several choices, tool calls',
    habits: { ...unasked, traits: { moody: true, reasoningTokens: 2 } },
  },
];

const details = (change: (usage: Usage) => object): Habits => ({
  mapUsage: (usage) => ({ ...usage, ...change(usage) }),
});
const noDetails = { prompt_tokens_details: undefined, completion_tokens_details: undefined };

/** Several choices, with a key of their own, in one mode; the other refuses them. */
const oneModeOnly = (mode: Mode): Habits => ({
  instead: (c) =>
    c.mode !== mode && c.n > 1 ? { status: 400, body: errorBody('n must be 1 here', 'n') } : undefined,
  ...when(
    several,
    details(({ completion_tokens_details: own }) => ({
      completion_tokens_details: { ...own, rejected_tokens: 0 },
    })),
  ),
});

const sides: readonly OddServer[] = [
  {
    name: 'cached tokens are said on a hit only',
    source: 'details-match-nonstream: only on a hit',
    habits: {
      caches: true,
      mapUsage: (usage) => ({
        ...usage,
        prompt_tokens_details:
          usage.prompt_tokens_details.cached_tokens > 0 ? usage.prompt_tokens_details : null,
      }),
    },
  },
  {
    name: 'cached tokens are said from the third sending on',
    source: 'details-match-nonstream: on the third sending',
    habits: {
      mapUsage: (usage, { seen }) => ({
        ...usage,
        prompt_tokens_details: seen > 1 ? { cached_tokens: 1 } : undefined,
      }),
    },
  },
  {
    name: 'what is 0 is left out: cached tokens when warm, created ones when cold',
    source: 'kekzl/imp#1984: creation and eviction are said where they are',
    habits: {
      mapUsage: (usage, { seen }) => ({
        ...usage,
        prompt_tokens_details:
          seen > 0
            ? { cached_tokens: 1 }
            : { cache_creation_tokens: 1, cache_write_tokens: 1, evicted_tokens: 1 },
        completion_tokens_details: undefined,
      }),
    },
  },
  {
    name: 'created tokens are said of new prompts only, and few are sent',
    source: 'details-match-nonstream: three or more answers a mode',
    suite: 'smoke',
    habits: {
      mapUsage: (usage, { seen }) => ({
        ...usage,
        prompt_tokens_details: seen > 0 ? {} : { cache_creation_tokens: 1 },
      }),
    },
  },
  {
    name: 'reasoning is delivered and counted in streams only',
    source: 'details-match-nonstream: keys of reasoning only where both modes delivered some',
    habits: {
      mapAnswer: (answer, context) =>
        context.api === 'chat' && context.mode === 'stream'
          ? {
              ...answer,
              choices: answer.choices.map((choice) => ({
                ...choice,
                reasoning: choice.text.slice(0, 1),
                text: choice.text.slice(1),
              })),
            }
          : answer,
      ...when(
        plain,
        details(() => ({ completion_tokens_details: {} })),
      ),
    },
  },
  {
    name: 'values of the details differ by mode, null and absent alike',
    source: 'details-match-nonstream: values are free',
    habits: {
      mapUsage: (usage, { mode }) => ({
        ...usage,
        prompt_tokens_details:
          mode === 'stream' ? { cached_tokens: 3, audio_tokens: null } : { cached_tokens: 0 },
      }),
    },
  },
  {
    name: 'a few answers have no details at all',
    source: 'details-match-nonstream: one case may lack it',
    habits: when(
      ({ limit, mode }) => limit === 16 || (mode === 'nonstream' && limit > 64),
      details(() => noDetails),
    ),
  },
  {
    name: 'several choices have details of their own, and are refused in streams',
    source: 'details-match-nonstream: an API or feature refused',
    habits: oneModeOnly('nonstream'),
  },
  {
    name: 'several choices have details of their own, and come in streams only',
    source: 'details-match-nonstream: an API or feature refused',
    habits: oneModeOnly('stream'),
  },
  {
    name: 'no usage without asking, and details that only unasked streams would show',
    source: 'details-match-nonstream: asked streams',
    habits: when(
      option('unasked', 'false', 'null', 'empty'),
      details(() => ({ prompt_tokens_details: { cached_tokens: 0, unasked_tokens: 0 } })),
    ),
  },
];

export const raw: OddServer[] = [...texts, ...deltas, ...entries, ...everywhere, ...sides];
