import { expect } from 'vitest';
import type { Report } from '../../src/model/report.ts';
import type { Habits } from './habits.ts';
import { startServer } from './model-server.ts';
import { contractBreaches } from './report-contract.ts';
import { runSuite, type SuiteOptions } from './run.ts';

/** Starts the server, checks it, and ends it; every report is checked against its contract. */
export async function tried(habits: Habits, options: SuiteOptions & { gone?: boolean }): Promise<Report> {
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

/** "check: case: observed" of one result with the verdict for each check. */
export function found(report: Report, verdict: 'fail' | 'warn'): Map<string, string> {
  const results = report.servers
    .flatMap((server) => server.results)
    .filter((result) => result.verdict === verdict);
  return new Map(results.map(({ check, case: key, observed }) => [check, `${check}: ${key}: ${observed}`]));
}
