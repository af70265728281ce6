/** What a case costs at the most. */
import { expect, it } from 'vitest';
import type { CaseId } from '../../src/model/case-id.ts';
import { costOf } from '../../src/scenarios/cost.ts';

const cost = (scenario: CaseId['scenario'], api: CaseId['api'] = 'completions') =>
  costOf({ api, mode: 'stream', option: 'asked', scenario }, 1);

it('two prompts in one request cost what they cost alone', () => {
  const [short, middle, both] = [cost('grow-20'), cost('grow-80'), cost('list-prompts')];
  // The list is sent twice, and each prompt alone once more, so that all are warm.
  expect(both).toEqual({
    requests: 4,
    prompt: 3 * (short.prompt + middle.prompt),
    generated: 3 * (short.generated + middle.generated),
  });
});

it('a prompt of token ids is one prompt', () => {
  expect(cost('token-ids')).toMatchObject({ requests: 1, generated: 8 });
});

it('two choices are generated twice', () => {
  expect(cost('n2')).toMatchObject({ requests: 3, generated: 16 + cost('short').generated + 16 });
});

it('a malformed request is counted and costs nothing', () => {
  expect(cost('sequence')).toMatchObject({ requests: 9, generated: 2 * (5 + 12 + 7 + 16) });
});

it('a conversation costs all its messages', () => {
  const [whole, last] = [cost('conversation', 'chat'), cost('short', 'chat')];
  expect(whole).toMatchObject({ requests: 4, generated: 4 * last.generated });
  expect(whole.prompt).toBeGreaterThan(4 * last.prompt + 2 * 3 * 64);
});

it('a picture costs more than its question', () => {
  expect(cost('image', 'chat').prompt).toBeGreaterThan(2048);
});
