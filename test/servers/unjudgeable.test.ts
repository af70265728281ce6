import { describe, expect, it } from 'vitest';
import { found, tried } from './tried.ts';
import { UNJUDGEABLE } from './unjudgeable.ts';

describe.concurrent('not to be judged', () => {
  it.each(UNJUDGEABLE.map((entry) => [entry.name, entry] as const))('%s', async (_name, entry) => {
    const report = await tried(entry.habits, entry);
    expect([...found(report, 'fail').values()]).toEqual([]);
    expect(report.exitCode, entry.reason).toBe(entry.exitCode);
  });
});
