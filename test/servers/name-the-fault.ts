import { describe, expect, it } from 'vitest';
import type { Report } from '../../src/model/report.ts';
import type { BrokenServer, OtherBrokenServer, Suite } from './entries.ts';
import { sampleOf, WHOLE } from './sample.ts';
import { found, tried } from './tried.ts';

type Broken = BrokenServer | OtherBrokenServer;
/** Checks a server with a suite, which may be the usual one. */
export type Try<S extends Broken> = (server: S, suite?: Suite) => Promise<Report>;

const missedBy = (report: Report, { fails }: Broken) => {
  const named = found(report, 'fail');
  return fails.filter((id) => !named.has(id));
};
const unwarnedBy = (report: Report, { warns = [] }: Broken) => {
  const [named, warned] = [found(report, 'fail'), found(report, 'warn')];
  return warns.filter((id) => !warned.has(id) && !named.has(id));
};

/** With the smallest suite that shows the fault; where the entry names a suite, with that. */
async function reportOf<S extends Broken>(entry: S, check: Try<S>): Promise<Report> {
  if (WHOLE || entry.suite !== undefined) return await check(entry);
  const smoke = await check(entry, 'smoke');
  const shown = missedBy(smoke, entry).length === 0 && unwarnedBy(smoke, entry).length === 0;
  return shown ? smoke : await check(entry);
}

/** Each server is tried as a whole: the check that names its fault fails, and no other. */
export function namesTheFault(servers: readonly BrokenServer[]): void {
  eachNamed(servers, (entry, suite) =>
    tried(entry.habits, suite === undefined ? entry : { ...entry, suite }),
  );
}

export function eachNamed<S extends Broken>(servers: readonly S[], check: Try<S>): void {
  const chosen = sampleOf(servers, ({ fails, warns = [] }) => [...fails, ...warns]);
  describe.concurrent('broken on purpose', () => {
    it.each(chosen.map((entry) => [entry.name, entry] as const))('%s', async (_name, entry) => {
      const judged = await reportOf(entry, check);
      expect(missedBy(judged, entry), 'not noticed').toEqual([]);
      const allowed = new Set<string>([...entry.fails, ...(entry.mayAlso ?? [])]);
      const accused = [...found(judged, 'fail')].filter(([id]) => !allowed.has(id)).map(([, text]) => text);
      expect(accused, 'accused wrongly').toEqual([]);
      for (const id of entry.fails) expect(found(judged, 'fail').get(id)).toContain(entry.says ?? '');
      expect(unwarnedBy(judged, entry), 'not warned of').toEqual([]);
      expect(judged.exitCode).toBe(entry.fails.length > 0 ? 1 : 0);
    });
  });
}
