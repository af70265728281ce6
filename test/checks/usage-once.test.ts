/** The word for how several usages relate, and whether the counts are still judged beside them. */
import { expect, it } from 'vitest';
import { chat } from '../../src/apis/chat.ts';
import { allChecks } from '../../src/checks/catalogue.ts';
import { findAll } from '../../src/judge/find.ts';
import { caseKey } from '../../src/model/case-id.ts';
import type { Exchange } from '../../src/model/exchange.ts';
import { read } from '../wire/read.ts';
import { sse } from '../wire/tiny-api.ts';

const counts = (completion: unknown, prompt: unknown = 9) => ({
  prompt_tokens: prompt,
  completion_tokens: completion,
  total_tokens: Number(prompt) + Number(completion),
});
const chunk = (fields: object) =>
  JSON.stringify({ id: 'x', object: 'chat.completion.chunk', created: 1, model: 'm', ...fields });
const role = { choices: [{ index: 0, delta: { role: 'assistant', content: '' }, finish_reason: null }] };
const text = { choices: [{ index: 0, delta: { content: 'a' }, finish_reason: null }] };
const finish = (reason: string, index = 0) => ({ choices: [{ index, delta: {}, finish_reason: reason }] });
const alone = { choices: [] };

/** What usage-once and usage-nonzero find in a stream of these chunks, of which the limit of 8 may have cut the answer. */
function found(...chunks: readonly object[]) {
  const body = read(sse(...chunks.map(chunk), '[DONE]'), { api: chat });
  const request = { method: 'POST', url: 'http://a/v1', body: { max_tokens: 8, stream: true } } as const;
  const reply = { kind: 'response', status: 200, contentType: 'text/event-stream', headers: {} } as const;
  const exchange: Exchange = { request, reply: { ...reply, headMs: 1, totalMs: 2, body }, curl: '' };
  const id = { api: 'chat', mode: 'stream', option: 'asked', scenario: 'short' } as const;
  const state = { kind: 'sent', material: { kind: 'plain', exchanges: [exchange] } } as const;
  const cases = new Map([[caseKey(id), { id, key: caseKey(id), state }]]);
  const seen = {
    model: 'm',
    cases,
    context: null,
    death: null,
    lost: null,
    served: new Set(['chat'] as const),
  };
  const findings = findAll(seen, allChecks, () => false);
  const of = (check: string) => findings.find((one) => one.check.id === check)?.finding;
  const once = of('usage-once');
  return {
    word: once?.verdict === 'broken' ? once.class : once?.verdict,
    counted: of('usage-nonzero')?.verdict,
  };
}

const texts = (...usages: readonly unknown[]) => usages.map((usage) => ({ ...text, usage }));
const ending = [finish('stop'), { ...alone, usage: counts(5) }];

it.each<[string, string, readonly object[]]>([
  ['one', 'pass', [text, ...ending]],
  ['empty ones on other chunks', 'partial', [...texts({}, {}), ...ending]],
  [
    'an empty one on the finish chunk',
    'partial',
    [text, { ...finish('stop'), usage: {} }, ...ending.slice(1)],
  ],
  ['an empty one behind it', 'partial', [text, ...ending, { ...alone, usage: {} }]],
  ['the prompt alone in front', 'partial', [{ ...role, usage: { prompt_tokens: 9 } }, text, ...ending]],
  ['a null completion in front', 'partial', [{ ...role, usage: counts(null) }, text, ...ending]],
  ['empty ones, and the whole one twice', 'repeated', [...texts({}), ...ending, ...ending.slice(1)]],
  ['zeros in front', 'zero-filled', [{ ...role, usage: counts(0, 0) }, text, ...ending]],
  ['the prompt with no completion in front', 'preview', [{ ...role, usage: counts(0) }, text, ...ending]],
  ['the same in front', 'repeated', [{ ...role, usage: counts(5) }, text, ...ending]],
  ['unlike ones with the text and at the end', 'cumulative', [...texts(counts(1)), text, ...ending]],
  ['totals so far', 'cumulative', [...texts(counts(2), counts(4)), ...ending]],
  ['totals that are a sum by accident', 'cumulative', [...texts(counts(1), counts(4)), ...ending]],
  ['one token each', 'incremental', texts(counts(1), counts(1), counts(1)).concat(finish('stop') as never)],
  ['pieces and their sum', 'incremental', [...texts(counts(2), counts(2), counts(1)), ...ending]],
  [
    'pieces that make the limit',
    'incremental',
    [...texts(counts(2), counts(3), counts(3)), finish('length')],
  ],
  [
    'one for each choice',
    'incremental',
    [
      text,
      finish('length', 0),
      finish('length', 1),
      { ...alone, usage: counts(8) },
      { ...alone, usage: counts(8, 7) },
    ],
  ],
  [
    'the same for each choice',
    'repeated',
    [
      text,
      finish('length', 0),
      finish('length', 1),
      { ...alone, usage: counts(8) },
      { ...alone, usage: counts(8) },
    ],
  ],
  [
    'the whole one twice at the limit',
    'repeated',
    [...texts(counts(8)), finish('length'), { ...alone, usage: counts(8) }],
  ],
  ['counts that do not add up', 'repeated', [...texts(counts(7), counts(3), counts(6)), ...ending]],
])('%s: %s', (_what, word, chunks) => {
  expect(found(...chunks).word).toBe(word);
});

it('an empty usage or zeros leave the counts judged, and a contradiction does not', () => {
  const [end, usage] = [finish('stop'), { ...alone, usage: counts(5) }];
  expect(found(text, { ...end, usage: {} }, usage).counted).toBe('pass');
  expect(found(text, end, usage, { ...alone, usage: {} }).counted).toBe('pass');
  expect(found(text, { ...end, usage: counts(0, 0) }, usage).counted).toBe('pass');
  expect(found(text, { ...end, usage: counts(4) }, usage).counted).toBe('skip');
  expect(found(text, { ...end, usage: { prompt_tokens: 4 } }, usage).counted).toBe('skip');
});
