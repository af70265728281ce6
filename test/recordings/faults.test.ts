import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { selectionOf } from '../../src/config/selection.ts';
import { faultNames } from '../../src/recordings/faults.ts';
import { readRecording } from '../../src/recordings/recording.ts';
import { startReplay } from '../../src/recordings/server.ts';
import { checkServers } from '../../src/run/run.ts';
import { SETTINGS, targetAt } from '../run/settings.ts';

const recording = readRecording(
  fileURLToPath(new URL('../../fixtures/recordings/llama.cpp-b11549', import.meta.url)),
);

/** The checks that fail in chat streams of native llama.cpp, which has none of its own there. */
async function fails(fault: string): Promise<readonly string[]> {
  const server = await startReplay(recording, { timing: 'none', faults: [fault] });
  try {
    const report = await checkServers([targetAt(server.url)], {
      ...SETTINGS,
      apis: ['chat'],
      selection: selectionOf(['chat/stream/asked/*'], []),
      seed: recording.head.seed,
      confirm: false,
    });
    const results = report.servers.flatMap((one) => one.results);
    return [...new Set(results.filter(({ verdict }) => verdict === 'fail').map(({ check }) => check))];
  } finally {
    await server.close();
  }
}

const NAMED: Record<string, readonly string[]> = {
  'drop-usage': ['usage-present'],
  'null-usage': ['usage-present'],
  'zero-usage': ['usage-nonzero'],
  'partial-usage': ['usage-complete'],
  'string-usage': ['usage-integers'],
  'wrong-total': ['usage-total'],
  'duplicate-usage': ['usage-once'],
  'repeat-usage': ['usage-once'],
  'late-usage': ['usage-present'],
  'no-done': ['stream-end'],
  'two-dones': ['stream-end'],
  cut: ['stream-end'],
  garbage: ['event-json'],
  delay: [],
};

it.each(faultNames)('%s is named by its check, and by no other', async (fault) => {
  expect(await fails(fault)).toEqual(NAMED[fault]);
});
