import { describe, expect, it } from 'vitest';
import { ODD_KINDS } from './odd.ts';
import { sampleOf } from './sample.ts';
import { found, tried } from './tried.ts';

it('a server that follows the specification has no fail and no warning', async () => {
  const report = await tried({}, { suite: 'full' });
  expect([...found(report, 'fail').values(), ...found(report, 'warn').values()]).toEqual([]);
  expect(report.exitCode).toBe(0);
});

/** Nor may these warn: what they compare differs from call to call without anybody's fault. */
const NEVER_WARNED = [
  ...['conversation-counted', 'finish-matches-nonstream', 'text-matches-nonstream'],
  ...['usage-plain-json', 'delta-types', 'completion-matches-logprobs', 'details-match-nonstream'],
];

describe.concurrent('correct, with odd habits', () => {
  it.each(ODD_KINDS.flatMap((servers) => sampleOf(servers)).map((entry) => [entry.name, entry] as const))(
    '%s',
    async (_name, entry) => {
      // A correct server must not look silent because the machine is busy.
      const report = await tried(entry.habits, { timeoutMs: 15_000, ...entry });
      expect([...found(report, 'fail').values()]).toEqual([]);
      const warned = found(report, 'warn');
      expect(NEVER_WARNED.flatMap((id) => warned.get(id) ?? [])).toEqual([]);
      expect(report.exitCode).toBe(0);
    },
  );
});
