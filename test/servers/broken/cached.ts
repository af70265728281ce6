/** Gateways that count 0 for what they answer from a cache, and zeros that come only in company. */
import { all, streaming } from '../conditions.ts';
import type { BrokenServer } from '../entries.ts';
import type { Context, Habits, Usage } from '../habits.ts';

/** Whether the server remembers something of the request; it does from then on. */
function hit({ server: { memory } }: Context, key: string): boolean {
  const before = memory.has(key);
  memory.set(key, 1);
  return before;
}
const sum = (usage: Usage, prompt: number, completion: number): Usage => ({
  ...usage,
  prompt_tokens: prompt,
  completion_tokens: completion,
  total_tokens: prompt + completion,
});
const free = (usage: Usage) => sum(usage, 0, 0);
const whenHit = (keyOf: (c: Context) => string, change: (usage: Usage) => Usage): Habits => ({
  mapUsage: (usage, c) => (hit(c, `cached ${keyOf(c)}`) ? change(usage) : usage),
});
const promptOf = (c: Context) => `${c.api} ${c.prompts.join('|')}`;
const bodyOf = (c: Context) => JSON.stringify(c.body);

/** Each choice is looked up by its prompt and limit: one that is known costs nothing. */
const choiceByChoice: Habits = {
  mapUsage: (usage, c) => {
    const known = c.answer.choices.map(({ index, tokens }) => {
      const prompt = Math.floor(index / c.n);
      const key = `choice ${c.api} ${c.mode} ${c.prompts[prompt]} ${c.limit} ${index % c.n}`;
      return { tokens, prompt, isHit: hit(c, key) };
    });
    const made = known.filter(({ isHit }) => !isHit);
    const prompts = [...new Set(made.map(({ prompt }) => prompt))];
    return sum(
      usage,
      prompts.reduce((total, at) => total + (c.promptTokens[at] ?? 0), 0),
      made.reduce((total, { tokens }) => total + tokens, 0),
    );
  },
};

export const cached: BrokenServer[] = [
  { name: 'a cached prompt counts as 0', source: 'C2 (answer cache)', habits: whenHit(promptOf, free) },
  {
    name: 'a cached prompt counts as 0 within one mode',
    source: 'C2 (answer cache)',
    habits: whenHit((c) => c.mode + promptOf(c), free),
  },
  {
    name: 'a cached request counts as 0',
    source: 'C2 (answer cache), by the whole body',
    habits: whenHit(bodyOf, free),
  },
  {
    name: 'the completion of a cached request counts as 0',
    source: 'C2 (answer cache), by the whole body',
    habits: whenHit(bodyOf, (usage) => sum(usage, usage.prompt_tokens, 0)),
  },
  {
    name: 'the completion of a cached prompt with its limit counts as 0',
    source: 'C2 (answer cache)',
    habits: whenHit(
      (c) => `${promptOf(c)} ${c.limit} ${c.mode}`,
      (usage) => sum(usage, usage.prompt_tokens, 0),
    ),
  },
  {
    name: 'the prompt of a cached request counts as 0',
    source: 'C2 (answer cache), by the whole body',
    habits: whenHit(bodyOf, (usage) => sum(usage, 0, usage.completion_tokens)),
  },
  { name: 'cached choices count as 0', source: 'C2 (answer cache)', habits: choiceByChoice },
].map((server) => ({ ...server, suite: 'standard', fails: ['usage-nonzero'] }));

/** The completion of a cached request counts as one token, however many choices it has. */
const one = (usage: Usage) => sum(usage, usage.prompt_tokens, 1);
export const cachedAsOne: BrokenServer = {
  name: 'the completion of a cached request counts as 1',
  source: 'C2 (answer cache), by the whole body',
  suite: 'standard',
  fails: ['completion-equals-limit'],
  mayAlso: ['completion-matches-nonstream'],
  habits: whenHit(bodyOf, one),
};

const together = all(streaming, (c) => c.together > 1 || c.server.inFlight > 1);
const afterwards = (c: Context) => c.mode === 'stream' && c.server.aborted > 0;
const zeroed = (of: (c: Context) => boolean, change: (usage: Usage) => Usage): Habits => ({
  delay: (c) => (c.mode === 'stream' ? 15 : 0),
  mapUsage: (usage, c) => (of(c) ? change(usage) : usage),
});

/** Zeros that no request alone has. */
export const zeroTogether: BrokenServer[] = [
  {
    name: 'all counts of requests in flight together are 0',
    source: 'a zero that comes only together',
    fails: ['parallel-independent'],
    habits: zeroed(together, free),
  },
  {
    name: 'completions of requests in flight together are 0, and the text differs each time',
    source: 'a zero that comes only together',
    fails: ['parallel-independent'],
    habits: {
      traits: { moody: true, endsAfter: 5 },
      ...zeroed(together, (usage) => sum(usage, usage.prompt_tokens, 0)),
    },
  },
  {
    name: 'after a client left the plain request counts as 0',
    source: 'a zero that comes only afterwards',
    suite: 'standard',
    fails: ['recovers-after-abort'],
    mayAlso: ['usage-nonzero'],
    habits: zeroed((c) => afterwards(c) && c.seenInMode > 0, free),
  },
];
