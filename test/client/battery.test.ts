/** Over all servers of the battery: what is odd is not blamed, and what is broken not for anything else. */
import { describe, expect, it } from 'vitest';
import { type UsageReport, watchUsage } from '../../src/client/index.ts';
import { BROKEN } from '../servers/broken.ts';
import type { Habits } from '../servers/habits.ts';
import { startServer } from '../servers/model-server.ts';
import { ODD } from '../servers/odd.ts';
import { sampleOf } from '../servers/sample.ts';

const ASKED = {
  model: 'toy',
  temperature: 0,
  max_tokens: 16,
  stream: true,
  stream_options: { include_usage: true },
};
const REQUESTS = [
  ['chat/completions', { ...ASKED, messages: [{ role: 'user', content: 'Write a long list of things.' }] }],
  ['completions', { ...ASKED, prompt: 'A long list of things:' }],
] as const;
/** Longer than any answer takes that comes at all. */
const PATIENCE_MS = 2000;

/** What is said of the answers of such a server; null for those that are none. */
async function reportsOn(habits: Habits) {
  const server = await startServer(habits);
  try {
    const reports: Array<UsageReport | null> = [];
    for (const [path, request] of REQUESTS) reports.push(await reportOn(`${server.url}/v1/${path}`, request));
    return reports;
  } finally {
    await server.close();
  }
}

async function reportOn(url: string, request: object) {
  const signal = AbortSignal.timeout(PATIENCE_MS);
  const body = JSON.stringify(request);
  const response = await fetch(url, { method: 'POST', body, signal }).catch(() => null);
  const bytes = await response?.arrayBuffer().catch(() => null);
  if (!response?.ok || !bytes) return null;
  const { stream, report } = watchUsage(new Response(bytes), { request });
  expect(Buffer.from(await stream.arrayBuffer())).toEqual(Buffer.from(bytes));
  return report;
}

it('the correct server has no problem', async () => {
  for (const report of await reportsOn({}))
    expect(report).toMatchObject({ source: 'server', problems: [], end: 'complete', finish: ['length'] });
});

describe.each(sampleOf(ODD).map((entry) => [entry.name, entry] as const))('odd: %s', (_, { habits }) => {
  it('has no problem', async () => {
    for (const report of await reportsOn(habits)) expect(report?.problems ?? []).toEqual([]);
  });
});

describe.each(sampleOf(BROKEN, ({ fails }) => fails).map((entry) => [entry.name, entry] as const))(
  'broken: %s',
  (_, entry) => {
    it('has no other problem than its own', async () => {
      const { fails, mayAlso = [], warns = [] } = entry;
      // What is no answer is not judged by a run.
      if (fails.includes('request-answered')) return;
      const own = new Set<string>([...fails, ...mayAlso, ...warns]);
      for (const report of await reportsOn(entry.habits)) {
        const others = (report?.problems ?? []).filter((id) => !own.has(id));
        expect(others).toEqual([]);
      }
    });
  },
);
