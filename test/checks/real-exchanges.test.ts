/** Every check is passed by a recorded exchange with a real server; those that none at hand passes are named. */
import { readdirSync } from 'node:fs';
import { expect, it } from 'vitest';
import { checkIds } from '../../src/checks/catalogue.ts';
import { findAll } from '../../src/judge/find.ts';
import { caseKey, type ScenarioId } from '../../src/model/case-id.ts';
import type { CaseRecord, Material } from '../../src/model/observations.ts';
import { readRecording } from '../../src/recordings/recording.ts';
import { captured } from './captured.ts';

const FIXTURES = new URL('../../fixtures/', import.meta.url);

/** Why no recorded exchange passes a check: nobody was met who does it, or none was recorded. */
const NEVER_PASSED: Readonly<Record<string, string>> = {
  'usage-null-before': 'no server at hand sends usage: null on the other chunks',
  'prompt-matches-reference':
    'a recording holds no tokenizer endpoint; test/live/reference-counts.test.ts passes it with real servers',
  'completion-matches-reference':
    'the model at hand never ends before the limit, and no server at hand returns token ids',
  'reasoning-counted': 'the models at hand do not reason',
  'list-prompts-counted':
    'llama.cpp counts the first prompt only; of vLLM the two prompts were not recorded alone',
};

function record(scenario: ScenarioId, material: Material): CaseRecord {
  const id = { api: 'chat', mode: 'stream', option: 'asked', scenario } as const;
  return { id, key: caseKey(id), state: { kind: 'sent', material } };
}
const plain = (scenario: ScenarioId, path: string) =>
  record(scenario, { kind: 'plain', exchanges: [captured(path)] });

function passedIn(...records: readonly CaseRecord[]): readonly string[] {
  const seen = {
    model: 'tiny',
    cases: new Map(records.map((one) => [one.key, one])),
    context: null,
    growWords: new Map(),
    death: null,
    lost: null,
    served: new Set(['chat'] as const),
  };
  return findAll(seen, () => false)
    .filter(({ finding }) => finding.verdict === 'pass')
    .map(({ check }) => check.id);
}

const captures = () => [
  ...passedIn(
    plain('text', 'vllm-0.32.0/chat-stream-usage'),
    plain('short', 'vllm-0.32.0/chat-stream-usage'),
    plain('n2', 'vllm-0.32.0/chat-stream-usage-n2'),
    record('overlong', {
      kind: 'follow-up',
      first: captured('vllm-0.32.0/chat-error-ctx'),
      followUps: [captured('vllm-0.32.0/chat-stream-usage-repeat-cached')],
    }),
  ),
  ...passedIn(plain('text', 'transformers-serve-5.23.0/chat-stream-usage-eos')),
  ...passedIn(plain('text', 'litellm-1.106.2/chat-stream-usage')),
];

const recordings = () =>
  readdirSync(new URL('recordings/', FIXTURES)).flatMap((name) => {
    const { head } = readRecording(new URL(`recordings/${name}`, FIXTURES).pathname);
    const passed = Object.entries(head.verdicts).filter(([, verdict]) => verdict === 'pass');
    return passed.map(([key]) => key.split(' ')[0] ?? '');
  });

it('each check is passed by a real server', () => {
  const passed = new Set([...recordings(), ...captures()]);
  expect(checkIds.filter((id) => !passed.has(id))).toEqual(checkIds.filter((id) => id in NEVER_PASSED));
});
