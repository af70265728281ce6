/** A server that hangs only where usage is asked for is told so in one sentence, and soon. */
import { expect, it } from 'vitest';
import type { Report } from '../../src/model/report.ts';
import { loadReporter } from '../../src/reporters/index.ts';
import { asked, when } from '../servers/conditions.ts';
import type { Habits } from '../servers/habits.ts';
import { startServer } from '../servers/model-server.ts';
import { runSuite } from '../servers/run.ts';
import { oneDelta } from '../servers/silence.ts';

const SENTENCE =
  'the server hangs where usage is asked for (stream_options {"include_usage":true}): the same request without it is answered';

/** The report, and how many requests asked for usage. */
async function ran(habits: Habits): Promise<{ report: Report; asking: number }> {
  const server = await startServer(habits);
  try {
    const report = await runSuite(server.url, { timeoutMs: 600 });
    return {
      report,
      asking: server.requests.filter(({ body }) => body.includes('"include_usage":true')).length,
    };
  } finally {
    await server.close();
  }
}

const errorsOf = ({ servers }: Report) =>
  new Set(servers[0]?.results.flatMap(({ verdict, message }) => (verdict === 'error' ? [message] : [])));

it.each<[string, Habits]>([
  ['no answer', { instead: (c) => (asked(c) ? 'hang' : undefined) }],
  ['an answer without end', when(asked, oneDelta)],
])('%s', async (_what, habits) => {
  const { report, asking } = await ran(habits);
  // One API twice, the other once.
  expect(asking).toBe(3);
  expect([...errorsOf(report)]).toEqual([SENTENCE]);
  const [server] = report.servers;
  expect(server?.halt).toBeNull();
  const told = server?.results.filter((result) => result.class === 'hung');
  expect(told?.map(({ check, case: key }) => `${check} ${key}`)).toEqual([
    'request-answered chat/stream/asked/text',
    'request-answered completions/stream/asked/text',
    'stream-options-accepted chat/stream/asked/text',
    'stream-options-accepted completions/stream/asked/text',
  ]);
  const judged = (check: string, key: string) =>
    server?.results.find((result) => result.check === check && result.case === key)?.verdict;
  expect(judged('usage-unrequested', 'chat/stream/unasked/text')).toBe('pass');
  expect(judged('nonstream-usage', 'chat/nonstream/-/text')).toBe('pass');
  expect(report.exitCode).toBe(3);
  const table = await (await loadReporter('table'))(report, {
    colour: false,
    width: 400,
    words: () => undefined,
  });
  expect(table.split(SENTENCE)).toHaveLength(2);
});

it('one silence is chance: the server was still loading its model', async () => {
  const { report } = await ran({ instead: (c) => (c.number === 1 ? 'hang' : undefined) });
  expect(report.servers[0]?.results.some((result) => result.class === 'hung')).toBe(false);
  const usage = report.servers[0]?.results.find(
    ({ check, case: key }) => check === 'usage-present' && key === 'chat/stream/asked/short',
  );
  expect(usage?.verdict).toBe('pass');
  expect(report.exitCode).toBe(0);
});

it('one API that hangs leaves the other as it is', async () => {
  const { report } = await ran({
    instead: (c) => (c.api === 'completions' && asked(c) ? 'hang' : undefined),
  });
  const apis = report.servers[0]?.results.flatMap(({ class: id, api }) => (id === 'hung' ? [api] : []));
  expect(new Set(apis)).toEqual(new Set(['completions']));
});

it('a server that hangs always is given up, and told once so', async () => {
  const { report } = await ran({ instead: () => 'hang' });
  const [server] = report.servers;
  expect(server?.halt?.message).toBe('2 requests in a row were left unanswered');
});
