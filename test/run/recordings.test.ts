import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { checkRecording, differencesOf } from '../../src/cli/demo.ts';

const folder = fileURLToPath(new URL('../../fixtures/recordings', import.meta.url));
const recordings = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory());

it.each(recordings.map(({ name }) => name))('%s is judged as when it was recorded', async (name) => {
  const { head, server } = await checkRecording(`${folder}/${name}`, 'none');
  expect(differencesOf(head, server)).toEqual([]);
});

it('the story of the project: no llama-cpp-python sends usage in a stream, llama.cpp does', async () => {
  const verdicts = await Promise.all(
    recordings.map(async ({ name }) => {
      const { server } = await checkRecording(`${folder}/${name}`, 'none');
      const found = server.results.find(
        ({ check, case: key }) => check === 'usage-present' && key === 'chat/stream/asked/text',
      );
      return [name, found?.verdict, found?.observed.split(':')[0]];
    }),
  );
  expect(verdicts).toEqual([
    ['llama-cpp-python-0.2.84', 'fail', 'absent'],
    ['llama-cpp-python-0.2.87', 'fail', 'absent'],
    ['llama-cpp-python-0.3.36', 'fail', 'absent'],
    ['llama.cpp-b11549', 'pass', ''],
  ]);
});
