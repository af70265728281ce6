/** A SHOULD warns and leaves the exit code at 0; with --strict it fails. */
import { describe, expect, it } from 'vitest';
import type { Report } from '../../src/model/report.ts';
import { BROKEN } from './broken.ts';
import { BROKEN_APIS } from './broken-apis.ts';
import { startServer } from './model-server.ts';
import { runSuite } from './run.ts';
import { sampleOf } from './sample.ts';
import { triedOther } from './tried-other.ts';

const warned = sampleOf(
  BROKEN.filter((entry) => entry.warns && !entry.warnsAtMost),
  ({ warns = [] }) => warns,
);

type Tried = Pick<(typeof warned)[number], 'habits' | 'suite'>;

function verdictsOf(report: Report) {
  const results = report.servers.flatMap((entry) => entry.results);
  const ids = (verdict: string) => new Set(results.filter((r) => r.verdict === verdict).map((r) => r.check));
  return { fails: [...ids('fail')], warns: [...ids('warn')], exitCode: report.exitCode };
}

async function verdicts({ habits, suite }: Tried, strict: boolean) {
  const server = await startServer(habits);
  try {
    return verdictsOf(await runSuite(server.url, { suite: suite ?? 'smoke', strict }));
  } finally {
    await server.close();
  }
}

describe.concurrent('strict', () => {
  it.each(warned.map((entry) => [entry.name, entry] as const))('%s', async (_name, entry) => {
    const mild = await verdicts(entry, false);
    expect(mild).toEqual({ fails: [], warns: entry.warns, exitCode: 0 });
    const strict = await verdicts(entry, true);
    expect(strict).toEqual({ fails: entry.warns, warns: [], exitCode: 1 });
  });
});

describe.concurrent('strict, other APIs', () => {
  const others = sampleOf(
    BROKEN_APIS.filter(({ warns, warnsAtMost }) => warns && !warnsAtMost),
    ({ warns = [] }) => warns,
  );

  it.each(others.map((entry) => [entry.name, entry] as const))('%s', async (_name, entry) => {
    const { suite = 'smoke', warns } = entry;
    expect(verdictsOf(await triedOther(entry, suite))).toEqual({ fails: [], warns, exitCode: 0 });
    const strict = verdictsOf(await triedOther(entry, suite, true));
    expect(strict).toEqual({ fails: warns, warns: [], exitCode: 1 });
  });
});

it('a server that follows the specification passes with --strict, too', async () => {
  expect(await verdicts({ habits: {}, suite: 'full' }, true)).toEqual({ fails: [], warns: [], exitCode: 0 });
});
