/** Whatever the API: its correct server has no fail and no warning. */
import { expect, it, onTestFinished } from 'vitest';
import { knownApis } from '../../src/apis/index.ts';
import type { ApiId } from '../../src/model/api.ts';
import { checkServers } from '../../src/run/run.ts';
import { SETTINGS, targetAt } from '../run/settings.ts';
import { llamacppCompletionSpeech } from './llamacpp-completion-speech.ts';
import { messagesSpeech } from './messages-speech.ts';
import { startServer } from './model-server.ts';
import { ollamaChatSpeech } from './ollama-chat-speech.ts';
import { ollamaGenerateSpeech } from './ollama-generate-speech.ts';
import { startOther } from './other-api-server.ts';
import { contractBreaches } from './report-contract.ts';
import { responsesSpeech } from './responses-speech.ts';

const CORRECT: Partial<Record<ApiId, () => Promise<{ readonly url: string; close(): Promise<void> }>>> = {
  chat: () => startServer(),
  completions: () => startServer(),
  responses: () => startOther(responsesSpeech),
  messages: () => startOther(messagesSpeech),
  'ollama-chat': () => startOther(ollamaChatSpeech),
  'ollama-generate': () => startOther(ollamaGenerateSpeech),
  'llamacpp-completion': () => startOther(llamacppCompletionSpeech),
};

/** Checks that judge each answer of a correct server. */
const ALWAYS = [
  ...['request-answered', 'stream-end', 'finish-once', 'finish-reason-length', 'nonstream-usage'],
  ...['usage-present', 'usage-complete', 'usage-integers', 'usage-nonzero'],
  ...['prompt-stable', 'prompt-grows', 'prompt-matches-nonstream', 'completion-equals-limit'],
  ...['completion-matches-nonstream', 'parallel-independent', 'sequence-independent', 'recovers-after-abort'],
];

it.each([...knownApis.keys()])('%s: a correct server has no fail and no warning', async (id) => {
  const start = CORRECT[id];
  if (start === undefined) throw new Error(`no correct server speaks ${id}`);
  const server = await start();
  onTestFinished(() => server.close());
  const report = await checkServers([targetAt(server.url)], { ...SETTINGS, suite: 'full', apis: [id] });
  expect(contractBreaches(report)).toEqual([]);
  const results = report.servers.flatMap((one) => one.results);
  const wrong = results.filter(({ verdict }) => ['fail', 'warn', 'error'].includes(verdict));
  expect(wrong.map(({ check, case: key, observed, message }) => [check, key, observed, message])).toEqual([]);
  const passed = new Set(results.filter(({ verdict }) => verdict === 'pass').map(({ check }) => check));
  expect(ALWAYS.filter((check) => !passed.has(check))).toEqual([]);
});
