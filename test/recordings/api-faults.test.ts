/** Faults are laid over streams of any API: usage in pieces, lines of JSON, an object that ends the stream. */
import { afterAll, describe, expect, it, onTestFinished } from 'vitest';
import type { ApiId } from '../../src/model/api.ts';
import { faultNames } from '../../src/recordings/faults.ts';
import type { Recording } from '../../src/recordings/recording.ts';
import { startReplay } from '../../src/recordings/server.ts';
import { checkServers } from '../../src/run/run.ts';
import { SETTINGS, targetAt } from '../run/settings.ts';
import { geminiSpeech } from '../servers/gemini-speech.ts';
import { llamacppCompletionSpeech } from '../servers/llamacpp-completion-speech.ts';
import { messagesSpeech } from '../servers/messages-speech.ts';
import { ollamaChatSpeech } from '../servers/ollama-chat-speech.ts';
import { ollamaGenerateSpeech } from '../servers/ollama-generate-speech.ts';
import { type Speech, startOther } from '../servers/other-api-server.ts';
import { responsesSpeech } from '../servers/responses-speech.ts';
import { recorded, removeFolders } from './recorded.ts';

afterAll(removeFolders);

async function recordingOf(api: ApiId, speech: Speech): Promise<Recording> {
  const server = await startOther(speech);
  const { recording } = await recorded(targetAt(server.url), { apis: [api], confirm: false });
  await server.close();
  return recording;
}

async function fails(api: ApiId, recording: Recording, fault: string): Promise<readonly string[]> {
  const server = await startReplay(recording, { timing: 'none', faults: [fault] });
  onTestFinished(() => server.close());
  const report = await checkServers([targetAt(server.url)], {
    ...SETTINGS,
    apis: [api],
    seed: recording.head.seed,
    confirm: false,
  });
  const results = report.servers.flatMap((one) => one.results);
  return [...new Set(results.filter(({ verdict }) => verdict === 'fail').map(({ check }) => check))];
}

/** Checks by fault, where every API has the same. */
const NAMED: Readonly<Record<string, readonly string[]>> = {
  'drop-usage': ['usage-present'],
  'null-usage': ['usage-present'],
  'zero-usage': ['usage-nonzero'],
  'partial-usage': ['usage-complete'],
  'string-usage': ['usage-integers'],
  'wrong-total': [],
  'duplicate-usage': ['usage-once'],
  'repeat-usage': ['usage-once'],
  'late-usage': ['usage-present'],
  'no-done': ['stream-end'],
  'two-dones': ['stream-end'],
  cut: ['stream-end'],
  garbage: ['event-json'],
  delay: [],
};

/** Messages may send usage as often as it likes; but its first event must have all counts, and not only the last one's. */
const OF_MESSAGES = { ...NAMED, 'duplicate-usage': [], 'repeat-usage': ['usage-complete'] };

const OF_RESPONSES = { ...NAMED, 'wrong-total': ['usage-total'] };

/** Gemini's usage may stand on any chunk, and nothing but the close is its end: what says why it ended may come again. */
const OF_GEMINI = {
  ...NAMED,
  'wrong-total': ['usage-total'],
  'duplicate-usage': [],
  'repeat-usage': [],
  'late-usage': [],
  'two-dones': [],
};

/** Counts on every object are its way; what follows the end is no usage of its own. */
const OF_COMPLETION = {
  ...NAMED,
  'duplicate-usage': ['stream-end'],
  'repeat-usage': [],
  'late-usage': ['stream-end'],
};

describe.each([
  ['messages', messagesSpeech, OF_MESSAGES],
  ['ollama-chat', ollamaChatSpeech, NAMED],
  ['ollama-generate', ollamaGenerateSpeech, NAMED],
  ['responses', responsesSpeech, OF_RESPONSES],
  ['llamacpp-completion', llamacppCompletionSpeech, OF_COMPLETION],
  ['gemini', geminiSpeech, OF_GEMINI],
] as const)('%s', async (api, speech, named) => {
  const recording = await recordingOf(api, speech);

  it.each(faultNames)('%s is named by its check, and by no other', async (fault) => {
    expect(await fails(api, recording, fault)).toEqual(named[fault as keyof typeof named]);
  });
});
