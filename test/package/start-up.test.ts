/** What is read before the first request of a check: its time is mostly that. */
import { expect, it } from 'vitest';
import { reached } from '../reached.ts';

it('a check without a file and without flags loads these packages, and no others', () => {
  const { modules, packages } = reached(['cli/main.ts', 'commands/check.ts']);
  expect([...packages].filter((name) => !name.startsWith('node:')).sort()).toEqual([
    'commander',
    'eventsource-parser',
    'picomatch',
    'semver',
    'undici',
  ]);
  const late = [...modules].filter(
    (module) => module.startsWith('reporters/') || module === 'launch/launch.ts',
  );
  expect(late).toEqual([]);
});
