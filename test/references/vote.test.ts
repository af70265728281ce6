/** Who may fail a server, who may only warn, and who has no vote. */
import { expect, it } from 'vitest';
import type { Reference } from '../../src/model/reference.ts';
import { vote } from '../../src/references/vote.ts';

const exact = (name: string, count: number, more: Partial<Reference> = {}): Reference => ({
  source: 'endpoint',
  name,
  authority: 'exact',
  count,
  ...more,
});
const guessed = (source: Reference['source'], count: number): Reference => ({
  source,
  name: source,
  authority: 'template-dependent',
  count,
  doubt: 'a guess',
});
const estimate: Reference = { source: 'estimate', name: 'estimate', authority: 'estimate', count: 7 };

it.each<[string, readonly Reference[], ReturnType<typeof vote>['kind']]>([
  ['nothing at hand', [], 'none'],
  ['an estimate has no vote', [estimate], 'none'],
  ['an exact one agrees', [exact('/tokenize', 31)], 'agrees'],
  ['an exact one differs', [exact('/tokenize', 34)], 'fails'],
  ['an exact one differs, an estimate agrees', [exact('/tokenize', 34), { ...estimate, count: 31 }], 'fails'],
  ['an exact one agrees, a guess differs', [exact('/tokenize', 31), guessed('tokenizer', 34)], 'agrees'],
  ['an exact one differs, a guess agrees', [exact('/tokenize', 34), guessed('tokenizer', 31)], 'fails'],
  ['exact ones contradict each other', [exact('/tokenize', 31), exact('gguf', 34)], 'warns'],
  ['exact ones contradict each other, and the server', [exact('/tokenize', 33), exact('gguf', 34)], 'warns'],
  ['one guess differs', [guessed('tokenizer', 34)], 'warns'],
  [
    'two independent guesses agree against the server',
    [guessed('tokenizer', 34), guessed('server', 34)],
    'fails',
  ],
  ['two guesses of one source are one', [guessed('endpoint', 34), guessed('endpoint', 34)], 'warns'],
  ['two guesses differ from each other, too', [guessed('tokenizer', 34), guessed('server', 33)], 'warns'],
  ['one of two guesses agrees with the server', [guessed('tokenizer', 34), guessed('server', 31)], 'warns'],
  ['within what is allowed', [exact('token ids', 30, { slack: { below: 0, above: 1 } })], 'agrees'],
  ['beyond what is allowed', [exact('token ids', 29, { slack: { below: 0, above: 1 } })], 'fails'],
  ['below what is allowed', [exact('token ids', 32, { slack: { below: 0, above: 1 } })], 'fails'],
])('%s', (_what, references, kind) => {
  expect(vote(31, references).kind).toBe(kind);
});

it('says why a difference is a warning only', () => {
  expect(vote(31, [guessed('tokenizer', 34)])).toMatchObject({ why: 'a guess' });
  expect(vote(31, [exact('/tokenize', 31), exact('gguf', 34)])).toMatchObject({
    why: 'the references contradict each other',
  });
  expect(vote(31, [guessed('tokenizer', 34), guessed('server', 33)])).toMatchObject({
    why: 'the references contradict each other',
  });
});
