import { describe, expect, it } from 'vitest';
import { ODD } from './odd.ts';
import { found, tried } from './tried.ts';

/** SHOULDs about which no correct server may even be warned. */
const SILENT = ['usage-plain-json', 'delta-types', 'completion-matches-logprobs', 'details-match-nonstream'];

it('a server that follows the specification has no fail and no warning', async () => {
  const report = await tried({}, { suite: 'full' });
  expect([...found(report, 'fail').values(), ...found(report, 'warn').values()]).toEqual([]);
  expect(report.exitCode).toBe(0);
});

describe.concurrent('correct, with odd habits', () => {
  it.each(ODD.map((entry) => [entry.name, entry] as const))('%s', async (_name, entry) => {
    // A correct server must not look silent because the machine is busy.
    const report = await tried(entry.habits, { timeoutMs: 15_000, ...entry });
    expect([...found(report, 'fail').values()]).toEqual([]);
    const warned = [...found(report, 'warn')].filter(([id]) => SILENT.includes(id));
    expect(warned.map(([, text]) => text)).toEqual([]);
    expect(report.exitCode).toBe(0);
  });
});
