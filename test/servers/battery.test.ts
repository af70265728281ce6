/** Each simulated server is tried as a whole: the check that names its fault fails, and no other. */
import { describe, expect, it } from 'vitest';
import type { Report } from '../../src/report/model.ts';
import { BROKEN } from './broken.ts';
import type { Habits } from './habits.ts';
import { startServer } from './model-server.ts';
import { ODD } from './odd.ts';
import { contractBreaches } from './report-contract.ts';
import { runSuite, type SuiteOptions } from './run.ts';
import { UNJUDGEABLE } from './unjudgeable.ts';

async function tried(habits: Habits, options: SuiteOptions & { gone?: boolean }): Promise<Report> {
  const server = await startServer(habits);
  if (options.gone) await server.close();
  try {
    const report = await runSuite(server.url, options);
    expect(contractBreaches(report)).toEqual([]);
    return report;
  } finally {
    await server.close();
  }
}

/** "check: case: observed" of each result with the verdict, one a check. */
function found(report: Report, verdict: 'fail' | 'warn'): Map<string, string> {
  const results = report.servers
    .flatMap((server) => server.results)
    .filter((result) => result.verdict === verdict);
  return new Map(results.map(({ check, case: key, observed }) => [check, `${check}: ${key}: ${observed}`]));
}

describe.concurrent('broken on purpose', () => {
  it.each(BROKEN.map((entry) => [entry.name, entry] as const))('%s', async (_name, entry) => {
    const report = await tried(entry.habits, entry);
    const fails = found(report, 'fail');
    const allowed = new Set<string>([...entry.fails, ...(entry.mayAlso ?? [])]);
    expect(
      entry.fails.filter((id) => !fails.has(id)),
      'not noticed',
    ).toEqual([]);
    expect(
      [...fails].filter(([id]) => !allowed.has(id)).map(([, text]) => text),
      'accused wrongly',
    ).toEqual([]);
    const warns = found(report, 'warn');
    expect(
      (entry.warns ?? []).filter((id) => !warns.has(id) && !fails.has(id)),
      'not warned of',
    ).toEqual([]);
    expect(report.exitCode).toBe(entry.fails.length > 0 ? 1 : 0);
  });
});

it('a server that follows the specification has no fail and no warning', async () => {
  const report = await tried({}, {});
  expect([...found(report, 'fail').values(), ...found(report, 'warn').values()]).toEqual([]);
  expect(report.exitCode).toBe(0);
});

describe.concurrent('not to be judged', () => {
  it.each(UNJUDGEABLE.map((entry) => [entry.name, entry] as const))('%s', async (_name, entry) => {
    const report = await tried(entry.habits, entry);
    expect([...found(report, 'fail').values()]).toEqual([]);
    expect(report.exitCode, entry.reason).toBe(entry.exitCode);
  });
});

describe.concurrent('correct, with odd habits', () => {
  it.each(ODD.map((entry) => [entry.name, entry] as const))('%s', async (_name, entry) => {
    const report = await tried(entry.habits, entry);
    expect([...found(report, 'fail').values()]).toEqual([]);
    expect(report.exitCode).toBe(0);
  });
});
