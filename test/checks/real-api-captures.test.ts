/** What single answers of real servers of the other APIs are found guilty of: all of it was read off the bytes by hand. */
import { expect, it } from 'vitest';
import { apiOf } from '../../src/apis/index.ts';
import { allChecks } from '../../src/checks/catalogue.ts';
import { findAll } from '../../src/judge/find.ts';
import type { ApiId } from '../../src/model/api.ts';
import { caseKey, type ScenarioId } from '../../src/model/case-id.ts';
import type { CaseRecord } from '../../src/model/observations.ts';
import { captured } from './captured.ts';

/** @param paths with the scenario of each */
function faultsOf(api: ApiId, paths: Readonly<Record<string, ScenarioId>>) {
  const records = Object.entries(paths).map(([path, scenario]): CaseRecord => {
    const mode = path.endsWith('nonstream') ? 'nonstream' : 'stream';
    const id = { api, mode, option: '-', scenario } as const;
    const material = { kind: 'plain', exchanges: [captured(path, apiOf(api))] } as const;
    return { id, key: caseKey(id), state: { kind: 'sent', material } };
  });
  const seen = {
    model: null,
    cases: new Map(records.map((record) => [record.key, record])),
    context: null,
    death: null,
    lost: null,
    served: new Set([api]),
  };
  const found = findAll(seen, allChecks, () => false).flatMap(({ check, finding }) =>
    finding.verdict === 'broken' ? [`${check.id}: ${finding.class}`] : [],
  );
  return [...new Set(found)].sort();
}

it.each([
  ['responses', { 'vllm-0.32.0/responses-text-stream': 'text' }, ['terminal-status: differs']],
  ['responses', { 'vllm-0.32.0/responses-text-nonstream': 'text' }, []],
  [
    'responses',
    { 'ollama-0.17.4/responses-text-stream': 'text', 'ollama-0.17.4/responses-short-stream': 'short' },
    ['finish-reason-length: stop'],
  ],
  [
    'responses',
    {
      'xllamacpp-2026.10.11549/responses-text-stream': 'text',
      'xllamacpp-2026.10.11549/responses-short-stream': 'short',
    },
    ['finish-reason-length: stop', 'sequence-numbers: absent', 'usage-details: absent'],
  ],
  ['messages', { 'vllm-0.32.0/messages-text-stream': 'text' }, []],
  ['messages', { 'vllm-0.32.0/messages-text-nonstream': 'text' }, []],
  ['messages', { 'vllm-0.32.0/messages-big-warm-stream': 'text' }, ['usage-consistent: moved']],
  ['messages', { 'ollama-0.17.4/messages-text-stream': 'text' }, ['usage-consistent: contradicts']],
  ['messages', { 'litellm-1.106.2/messages-text-stream': 'text' }, ['usage-consistent: deferred']],
  [
    'messages',
    {
      'xllamacpp-2026.10.11549/messages-text-stream': 'text',
      'xllamacpp-2026.10.11549/messages-stop-stream': 'stop',
    },
    ['stop-named: finish'],
  ],
  ['ollama-chat', { 'ollama-0.17.4/ollama-chat-text-stream': 'text' }, []],
  ['ollama-chat', { 'ollama-0.17.4/ollama-chat-text-nonstream': 'text' }, []],
  ['ollama-chat', { 'ollama-0.17.4/ollama-chat-repetition-stream': 'repetition' }, ['stream-end: missing']],
  [
    'ollama-chat',
    { 'ollama-0.17.4/ollama-chat-repetition-nonstream': 'repetition' },
    ['nonstream-usage: absent'],
  ],
  [
    'ollama-generate',
    {
      'ollama-0.17.4/ollama-generate-text-stream': 'text',
      'ollama-0.17.4/ollama-generate-stop-stream': 'stop',
    },
    [],
  ],
  [
    'llamacpp-completion',
    {
      'xllamacpp-2026.10.11549/llamacpp-completion-text-stream': 'text',
      'xllamacpp-2026.10.11549/llamacpp-completion-stop-stream': 'stop',
    },
    [],
  ],
  [
    'llamacpp-completion',
    { 'xllamacpp-2026.10.11549/llamacpp-completion-list-prompts-stream': 'list-prompts' },
    ['event-json: no-object'],
  ],
  [
    'llamacpp-completion',
    { 'xllamacpp-2026.10.11549/llamacpp-completion-list-prompts-nonstream': 'list-prompts' },
    [],
  ],
] as const)('%s: %j', (api, paths, faults) => {
  expect(faultsOf(api, paths)).toEqual(faults);
});
