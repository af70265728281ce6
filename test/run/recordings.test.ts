import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { checkRecording, differencesOf } from '../../src/commands/demo.ts';
import { readRecording } from '../../src/recordings/recording.ts';
import { runRecording } from '../../src/run/run-recording.ts';

const folder = fileURLToPath(new URL('../../fixtures/recordings', import.meta.url));
const names = readdirSync(folder, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);
type Judged = ReturnType<typeof runRecording>;
const known = new Map<string, Judged>();
/** Judged once: the same recording gives the same report. */
function judged(name: string): Judged {
  const judging =
    known.get(name) ?? runRecording(readRecording(`${folder}/${name}`), { strict: false, profile: null });
  known.set(name, judging);
  return judging;
}

it.each(names)('%s is judged as when it was recorded', async (name) => {
  const { head } = readRecording(`${folder}/${name}`);
  expect(differencesOf(head, (await judged(name)).server)).toEqual([]);
});

it.each(names.filter((name) => /0\.2\.84|b11549/.test(name)))(
  '%s, played back by a server, is judged as when it was recorded',
  async (name) => {
    const { head, server } = await checkRecording(`${folder}/${name}`, 'none');
    expect(differencesOf(head, server)).toEqual([]);
  },
);

it('the story of the project: no llama-cpp-python sends usage in a stream, llama.cpp does', async () => {
  const verdicts = [];
  for (const name of names) {
    const { server } = await judged(name);
    const found = server.results.find(
      ({ check, case: key }) => check === 'usage-present' && key === 'chat/stream/asked/text',
    );
    verdicts.push([name, found?.verdict, found?.observed.split(':')[0]]);
  }
  expect(verdicts).toEqual([
    ['llama-cpp-python-0.2.84', 'fail', 'absent'],
    ['llama-cpp-python-0.2.87', 'fail', 'absent'],
    ['llama-cpp-python-0.3.36', 'fail', 'absent'],
    ['llama.cpp-b11549', 'pass', ''],
  ]);
});

it('native llama.cpp sends usage in each of its APIs', async () => {
  const { server } = await judged('llama.cpp-b11549');
  expect(server.notServed).toEqual(['ollama-chat', 'ollama-generate']);
  const apis = [...new Set(server.results.map(({ api }) => api))].filter(
    (api) => !server.notServed?.includes(api),
  );
  expect(apis).toEqual(['chat', 'completions', 'responses', 'messages', 'llamacpp-completion']);
  for (const api of apis) {
    const verdicts = server.results
      .filter((result) => result.check === 'usage-present' && result.api === api)
      .map(({ verdict }) => verdict);
    // Some cases have no stream to judge.
    expect([api, ...new Set(verdicts.filter((verdict) => verdict !== 'skip'))]).toEqual([api, 'pass']);
  }
});
