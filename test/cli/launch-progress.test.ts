/** What is told of versions that are launched one after the other. */
import { expect, it } from 'vitest';
import { launchProgress } from '../../src/commands/support/launch-progress.ts';

function told(isTTY: boolean): readonly string[] {
  const written: string[] = [];
  const progress = launchProgress({ isTTY, columns: 80, write: (text) => written.push(text) });
  for (const server of ['toy 1.0', 'toy 1.1']) {
    progress.line(server, 'Collecting toy');
    progress.phase(server, 'starting');
    progress.phase(server, 'stopped');
  }
  progress.end();
  return written.filter((text) => text !== '\r\x1b[2K');
}

it('is one line of those that run, on a terminal', () => {
  expect(told(true)).toEqual(
    ['toy 1.0', 'toy 1.1'].flatMap((server) =>
      ['installing', 'installing: Collecting toy', 'starting'].map((what) => `${server} 0:00 ${what}`),
    ),
  );
});

it('is a line for each phase, elsewhere', () => {
  expect(told(false)).toEqual(
    ['toy 1.0', 'toy 1.1'].flatMap((server) =>
      ['installing', 'starting'].map((what) => `lastchunk: ${server}: ${what}\n`),
    ),
  );
});
