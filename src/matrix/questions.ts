/** What a reader wants to know of a version, in words: each a named group of checks. All checks are in one of them. */
import type { Part } from '../model/record.ts';

export interface Question {
  readonly id: string;
  /** As the row of a table. */
  readonly words: string;
  readonly checks: readonly string[];
  /** Whether requests with tools are left to the question about them. */
  readonly toolsApart?: true;
}

const asked: Question = {
  id: 'asked',
  words: 'usage in streams when asked',
  checks: ['usage-present'],
  toolsApart: true,
};
const numbers: Question = {
  id: 'numbers',
  words: 'whole numbers that add up',
  checks: [
    ...['usage-complete', 'usage-integers', 'usage-total', 'usage-nonzero', 'usage-consistent'],
    ...['usage-plain-json', 'usage-details', 'details-match-nonstream'],
    ...['cached-within-prompt', 'reasoning-within-completion'],
  ],
  toolsApart: true,
};
const prompt: Question = {
  id: 'prompt',
  words: 'prompt counts true',
  checks: [
    ...['prompt-matches-reference', 'prompt-matches-nonstream', 'prompt-matches-chat'],
    ...['prompt-grows', 'prompt-stable', 'conversation-counted', 'count-matches-usage'],
  ],
  toolsApart: true,
};
const completion: Question = {
  id: 'completion',
  words: 'completion counts true',
  checks: [
    ...['completion-matches-reference', 'completion-matches-nonstream', 'completion-matches-logprobs'],
    'reasoning-counted',
  ],
  toolsApart: true,
};

/** In the order of the rows. */
export const questions: readonly Question[] = [
  asked,
  { id: 'unasked', words: 'none when not asked', checks: ['usage-unrequested'] },
  {
    id: 'place',
    words: 'once, last, with empty choices',
    checks: [
      ...['usage-once', 'usage-last', 'usage-chunk-choices-empty', 'usage-chunk-id', 'usage-chunk-envelope'],
      'usage-null-before',
    ],
  },
  { id: 'whole', words: 'usage without streaming', checks: ['nonstream-usage'], toolsApart: true },
  numbers,
  prompt,
  completion,
  {
    id: 'limit',
    words: 'true at the limit, and told',
    checks: ['completion-equals-limit', 'completion-within-limit', 'finish-reason-length'],
  },
  { id: 'tools', words: 'true with tools', checks: [] },
  {
    id: 'several',
    words: 'several prompts or choices counted',
    checks: ['list-prompts-counted', 'choices-counted', 'choices-indexed'],
  },
  {
    id: 'beside',
    words: 'right beside other requests',
    checks: ['parallel-independent', 'sequence-independent'],
  },
  { id: 'leaves', words: 'survives a client that leaves', checks: ['recovers-after-abort'] },
  { id: 'overlong', words: 'refuses a prompt too long', checks: ['recovers-after-overlong'] },
  {
    id: 'stream',
    words: 'streams whole and well-formed',
    checks: [
      ...['event-json', 'event-names', 'sse-framing', 'delta-types', 'sequence-numbers'],
      ...['stream-start', 'stream-end', 'error-ends-stream', 'terminal-status'],
      ...['finish-once', 'finish-matches-nonstream', 'stop-named', 'text-matches-nonstream'],
    ],
  },
  {
    id: 'answered',
    words: 'every request answered',
    checks: ['request-answered', 'stream-options-accepted', 'server-survives'],
  },
];

const byCheck = new Map(questions.flatMap((question) => question.checks.map((check) => [check, question])));

/** The question that a check answers for a way of asking; of a check that is not known, none. */
export function questionOf(check: string, part: Part): string | undefined {
  const question = byCheck.get(check);
  return question?.toolsApart === true && part.endsWith('-tools') ? 'tools' : question?.id;
}
