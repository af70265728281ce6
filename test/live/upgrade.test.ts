/** `upgrade` and `bisect` on real versions, through the command itself. What they must say was read off the wire. */
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { lastchunk } from '../cli/lastchunk.ts';
import { isWanted } from './wanted.ts';

const LASTCHUNK_CACHE = fileURLToPath(new URL('../../.live', import.meta.url));
const model = fileURLToPath(new URL('../../fixtures/models/stories260K-f32.gguf', import.meta.url));

it.runIf(isWanted('xllamacpp upgrade'))(
  'upgrade: a newer llama.cpp sends data: null for a list of prompts',
  async () => {
    const flags = ['--versions', '0.2.7,2026.10.11549', '--model', model, '--format', 'json'];
    const { code, stdout } = await lastchunk(['upgrade', 'xllamacpp', ...flags], { LASTCHUNK_CACHE });
    expect(code).toBe(1);
    const { steps } = JSON.parse(stdout) as {
      steps: Array<{ breaks: Array<{ check: string; cases: string[] }> }>;
    };
    expect(steps[0]?.breaks).toMatchObject([
      { check: 'event-json', cases: ['completions/stream/asked/list-prompts'] },
      { check: 'event-json', cases: ['llamacpp-completion/stream/-/list-prompts'] },
    ]);
  },
);

it.runIf(isWanted('xllamacpp upgrade'))('bisect: the first version that does', async () => {
  const versions = '0.2.7,2026.5.9294,2026.6.9538,2026.10.11549';
  const ends = ['--good', '0.2.7', '--bad', '2026.10.11549', '--check', 'event-json'];
  const { code, stdout } = await lastchunk(
    ['bisect', 'xllamacpp', '--versions', versions, ...ends, '--model', model, '--format', 'json'],
    { LASTCHUNK_CACHE },
  );
  expect(JSON.parse(stdout)).toEqual({
    firstBad: '2026.6.9538',
    lastGood: '2026.5.9294',
    tested: 4,
    skipped: [],
  });
  expect(code).toBe(0);
});
