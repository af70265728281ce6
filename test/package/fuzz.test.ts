/** `npm run fuzz`, for a few mutants that are the same each time. */
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { start } from '../cli/child-process.ts';

const fuzz = (...flags: string[]) =>
  start(process.execPath, [fileURLToPath(new URL('../../fuzz/main.mjs', import.meta.url)), ...flags]).ended;

it('mutated recordings: no stack trace, no hang, bounded memory, right exit statuses, no pass without usage', async () => {
  const { code, stdout } = await fuzz('--seed', '4', '--runs', '30', '--seconds', '20');
  expect(stdout).toMatch(/^[1-9]\d* mutants in [\d.]+ s, seed 4: all hold\n$/);
  expect(code).toBe(0);
});

it.each([
  ['--runs', 'many'],
  ['--seconds', '0'],
  ['--seed', '-1'],
])('%s %s is refused in one line', async (flag, value) => {
  expect(await fuzz(`${flag}=${value}`)).toEqual({
    code: 2,
    stdout: '',
    stderr: expect.stringMatching(/^--\w+ ".*": write a whole number from \d\n$/),
  });
});
