import { describe, expect, it } from 'vitest';
import type { Report } from '../../src/model/report.ts';
import type { BrokenServer } from './entries.ts';
import { found, tried } from './tried.ts';

/** LASTCHUNK_SERVERS=whole: each with the whole suite, which shows best that no other check accuses it. */
const WHOLE = process.env.LASTCHUNK_SERVERS === 'whole';

const missedBy = (report: Report, { fails }: BrokenServer) => {
  const named = found(report, 'fail');
  return fails.filter((id) => !named.has(id));
};
const unwarnedBy = (report: Report, { warns = [] }: BrokenServer) => {
  const [named, warned] = [found(report, 'fail'), found(report, 'warn')];
  return warns.filter((id) => !warned.has(id) && !named.has(id));
};

/** With the smallest suite that shows the fault; where the entry names a suite, with that. */
async function report(entry: BrokenServer): Promise<Report> {
  if (WHOLE || entry.suite !== undefined) return await tried(entry.habits, entry);
  const smoke = await tried(entry.habits, { ...entry, suite: 'smoke' });
  const shown = missedBy(smoke, entry).length === 0 && unwarnedBy(smoke, entry).length === 0;
  return shown ? smoke : await tried(entry.habits, entry);
}

/** Each server is tried as a whole: the check that names its fault fails, and no other. */
export function namesTheFault(servers: readonly BrokenServer[]): void {
  describe.concurrent('broken on purpose', () => {
    it.each(servers.map((entry) => [entry.name, entry] as const))('%s', async (_name, entry) => {
      const judged = await report(entry);
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
