import { describe, expect, it } from 'vitest';
import { ODD_APIS } from './odd-apis.ts';
import { sampleOf } from './sample.ts';
import { found } from './tried.ts';
import { triedOther } from './tried-other.ts';

describe.concurrent('correct, with odd habits', () => {
  it.each(sampleOf(ODD_APIS, ({ api }) => [api]).map((entry) => [entry.name, entry] as const))(
    '%s',
    async (_name, entry) => {
      // A correct server must not look silent because the machine is busy.
      const report = await triedOther({ timeoutMs: 15_000, ...entry });
      expect([...found(report, 'fail').values()]).toEqual([]);
      const warned = [...found(report, 'warn')].filter(([id]) => !(entry.warns ?? []).includes(id));
      expect(warned.map(([, text]) => text)).toEqual([]);
      expect(report.exitCode).toBe(0);
    },
  );
});
