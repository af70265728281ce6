/** What single answers of real servers are found guilty of: all of it was read off the bytes by hand, for catalogue 1; nothing else is said. */
import { expect, it } from 'vitest';
import { apiOf } from '../../src/apis/index.ts';
import { catalogueOf } from '../../src/checks/catalogue.ts';
import { findAll } from '../../src/judge/find.ts';
import type { ApiId } from '../../src/model/api.ts';
import { type CaseId, caseKey, type ScenarioId } from '../../src/model/case-id.ts';
import type { CaseRecord } from '../../src/model/observations.ts';
import { captured } from './captured.ts';

function faultsOf(path: string, api: ApiId, option: CaseId['option'], scenario: ScenarioId) {
  const id = { api, mode: 'stream', option, scenario } as const;
  const key = caseKey(id);
  const material = { kind: 'plain', exchanges: [captured(path, apiOf(api))] } as const;
  const seen = {
    model: 'stories260K',
    cases: new Map<string, CaseRecord>([[key, { id, key, state: { kind: 'sent', material } }]]),
    context: null,
    death: null,
    lost: null,
    served: new Set([api]),
  };
  return [...findAll(seen, catalogueOf(1).checks, () => false)].flatMap(({ check, finding }) =>
    finding.verdict === 'broken' ? [`${check.id}: ${finding.class}`] : [],
  );
}

it.each([
  ['vllm-0.32.0/chat-stream-usage', 'chat', 'asked', 'text', ['usage-null-before: absent']],
  ['vllm-0.32.0/chat-stream-continuous', 'chat', 'asked', 'text', ['usage-once: cumulative']],
  ['ollama-0.17.4/compl-stream-usage', 'completions', 'asked', 'text', ['usage-once: zero-filled']],
  ['ollama-0.17.4/chat-stream-usage-tokenrepeat', 'chat', 'asked', 'text', ['stream-end: missing']],
  [
    'mlx-lm-0.32.2/chat-stream-usage',
    'chat',
    'asked',
    'text',
    ['usage-chunk-envelope: wrong', 'usage-null-before: absent'],
  ],
  [
    'mlx-lm-0.32.2/compl-stream-usage-multiprompt',
    'completions',
    'asked',
    'text',
    ['request-answered: empty'],
  ],
  [
    'portkey-1.15.2/compl-stream-usage-multiprompt',
    'completions',
    'asked',
    'list-prompts',
    [
      'event-json: no-object',
      'usage-once: repeated',
      'usage-chunk-choices-empty: non-empty',
      'usage-null-before: absent',
    ],
  ],
  ['portkey-1.15.2/compl-stream', 'completions', 'unasked', 'text', ['usage-unrequested: sent']],
  [
    'transformers-serve-5.23.0/chat-stream',
    'chat',
    'unasked',
    'text',
    ['stream-end: missing', 'usage-unrequested: sent'],
  ],
  [
    'litellm-1.106.2/chat-stream-usage-n2',
    'chat',
    'asked',
    'n2',
    ['finish-once: none', 'usage-chunk-choices-empty: non-empty', 'usage-null-before: absent'],
  ],
  ['litellm-1.106.2/compl-stream', 'completions', 'unasked', 'text', ['usage-unrequested: sent']],
  [
    'xllamacpp-0.2.7/chat-stream-usage-n2',
    'chat',
    'asked',
    'n2',
    ['choices-indexed: mixed-up', 'usage-once: repeated', 'usage-null-before: absent'],
  ],
] as const)('%s (%s, %s, %s)', (path, api, option, scenario, faults) => {
  expect(faultsOf(path, api, option, scenario).sort()).toEqual([...faults].sort());
});
