import { describe, expect, it } from 'vitest';
import type { BrokenServer } from './entries.ts';
import { found, tried } from './tried.ts';

/** Each server is tried as a whole: the check that names its fault fails, and no other. */
export function namesTheFault(servers: readonly BrokenServer[]): void {
  describe.concurrent('broken on purpose', () => {
    it.each(servers.map((entry) => [entry.name, entry] as const))('%s', async (_name, entry) => {
      const report = await tried(entry.habits, entry);
      const fails = found(report, 'fail');
      const allowed = new Set<string>([...entry.fails, ...(entry.mayAlso ?? [])]);
      const missed = entry.fails.filter((id) => !fails.has(id));
      expect(missed, 'not noticed').toEqual([]);
      const accused = [...fails].filter(([id]) => !allowed.has(id)).map(([, text]) => text);
      expect(accused, 'accused wrongly').toEqual([]);
      const warns = found(report, 'warn');
      const unwarned = (entry.warns ?? []).filter((id) => !warns.has(id) && !fails.has(id));
      expect(unwarned, 'not warned of').toEqual([]);
      expect(report.exitCode).toBe(entry.fails.length > 0 ? 1 : 0);
    });
  });
}
