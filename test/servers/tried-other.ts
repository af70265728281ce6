import { expect } from 'vitest';
import type { Report } from '../../src/model/report.ts';
import type { OtherBrokenServer, OtherOddServer, Suite } from './entries.ts';
import { startOther } from './other-api-server.ts';
import { contractBreaches } from './report-contract.ts';
import { runSuite } from './run.ts';
import { speeches } from './speeches.ts';

/** Starts a server of another API, checks it, and ends it; every report is checked against its contract. */
export async function triedOther(
  entry: OtherBrokenServer | OtherOddServer,
  suite?: Suite,
  strict = false,
): Promise<Report> {
  const { api, besideChat = false } = entry;
  const server = await startOther(speeches[api], entry.habits);
  try {
    const apis = besideChat ? (['chat', api] as const) : [api];
    const report = await runSuite(server.url, { ...entry, suite: suite ?? entry.suite, strict, apis });
    expect(contractBreaches(report)).toEqual([]);
    return report;
  } finally {
    await server.close();
  }
}
