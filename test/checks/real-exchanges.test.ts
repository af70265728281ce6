/** Every check is passed by a recorded exchange with a real server; the pages of the others say why there is none. */
import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { apiOf } from '../../src/apis/index.ts';
import { allChecks, checkIds, NEWEST_CATALOGUE } from '../../src/checks/catalogue.ts';
import { findAll } from '../../src/judge/find.ts';
import type { ApiId, Mode } from '../../src/model/api.ts';
import { caseKey, type ScenarioId } from '../../src/model/case-id.ts';
import type { CaseRecord, Material } from '../../src/model/observations.ts';
import { readRecording } from '../../src/recordings/recording.ts';
import { runRecording } from '../../src/run/run-recording.ts';
import { captured } from './captured.ts';

const FIXTURES = new URL('../../fixtures/', import.meta.url);

function record(scenario: ScenarioId, material: Material): CaseRecord {
  const id = { api: 'chat', mode: 'stream', option: 'asked', scenario } as const;
  return { id, key: caseKey(id), state: { kind: 'sent', material } };
}
/** A request of another API, by the name of what was recorded. */
function other(api: ApiId, mode: Mode, scenario: ScenarioId, path: string): CaseRecord {
  const option = mode === 'stream' ? (apiOf(api).usageOptions[0] ?? '-') : '-';
  const id = { api, mode, option, scenario } as const;
  const exchanges = [captured(`${path}-${mode}`, apiOf(api))];
  return { id, key: caseKey(id), state: { kind: 'sent', material: { kind: 'plain', exchanges } } };
}

const plain = (scenario: ScenarioId, path: string) =>
  record(scenario, { kind: 'plain', exchanges: [captured(path)] });

function passedIn(...records: readonly CaseRecord[]): readonly string[] {
  const seen = {
    model: 'tiny',
    cases: new Map(records.map((one) => [one.key, one])),
    context: null,
    death: null,
    lost: null,
    served: new Set(['chat'] as const),
  };
  return findAll(seen, allChecks, () => false)
    .filter(({ finding }) => finding.verdict === 'pass')
    .map(({ check }) => check.id);
}

const captures = () => [
  ...passedIn(
    plain('text', 'vllm-0.32.0/chat-stream-usage'),
    plain('short', 'vllm-0.32.0/chat-stream-usage'),
    plain('n2', 'vllm-0.32.0/chat-stream-usage-n2'),
    plain('logprobs', 'vllm-0.32.0/chat-stream-usage-logprobs'),
    record('overlong', {
      kind: 'follow-up',
      first: captured('vllm-0.32.0/chat-error-ctx'),
      followUps: [captured('vllm-0.32.0/chat-stream-usage-repeat-cached')],
    }),
  ),
  ...passedIn(plain('text', 'transformers-serve-5.23.0/chat-stream-usage-eos')),
  ...passedIn(
    ...(['stream', 'nonstream'] as const).flatMap((mode) => [
      other('chat', mode, 'text', 'vllm-0.32.0/chat-text'),
      other('messages', mode, 'text', 'vllm-0.32.0/messages-text'),
    ]),
  ),
  ...passedIn(other('responses', 'stream', 'text', 'ollama-0.17.4/responses-text')),
  ...passedIn(
    other('ollama-generate', 'stream', 'text', 'ollama-0.17.4/ollama-generate-text'),
    other('ollama-generate', 'stream', 'stop', 'ollama-0.17.4/ollama-generate-stop'),
  ),
  ...passedIn(plain('text', 'litellm-1.106.2/chat-stream-usage')),
];

/** What the recordings pass by the checks of today, whatever catalogue they were made with. */
async function recordings(): Promise<readonly string[]> {
  const folder = new URL('recordings/', FIXTURES);
  const runs = readdirSync(folder).map((name) =>
    runRecording(readRecording(new URL(name, folder).pathname), {
      strict: false,
      profile: null,
      catalogue: NEWEST_CATALOGUE,
    }),
  );
  const results = (await Promise.all(runs)).flatMap(({ server }) => server.results);
  return results.filter(({ verdict }) => verdict === 'pass').map(({ check }) => check);
}

/** True where a page says why no recorded exchange passes the check: nobody was met who does it, or none was recorded. */
function isUnseen(id: string): boolean {
  const page = readFileSync(new URL(`../../docs/checks/${id}.md`, import.meta.url), 'utf8');
  return /^unseen: "\w/m.test(page);
}

it('each check is passed by a real server, or its page says why none was seen', async () => {
  const passed = new Set([...(await recordings()), ...captures()]);
  expect(checkIds.filter((id) => !passed.has(id))).toEqual(checkIds.filter(isUnseen));
});
