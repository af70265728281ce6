/** Whatever the API: its correct server has no fail and no warning. */
import { expect, it, onTestFinished } from 'vitest';
import { apiOf, apis } from '../../src/apis/index.ts';
import type { ApiId } from '../../src/model/api.ts';
import { checkServers } from '../../src/run/run.ts';
import { SETTINGS, targetAt } from '../run/settings.ts';
import { startServer } from './model-server.ts';
import { startOther } from './other-api-server.ts';
import { contractBreaches } from './report-contract.ts';
import { type OtherApi, speeches } from './speeches.ts';

/** A server that speaks it, and OpenAI's two. */
const starting = (id: ApiId) => (id in speeches ? startOther(speeches[id as OtherApi]) : startServer());

/** Checks that judge each answer of a correct server. */
const ALWAYS = [
  ...['request-answered', 'stream-end', 'finish-once', 'finish-reason-length', 'nonstream-usage'],
  ...['usage-present', 'usage-complete', 'usage-integers', 'usage-nonzero'],
  ...['prompt-stable', 'prompt-grows', 'prompt-matches-nonstream', 'completion-equals-limit'],
  ...['completion-matches-nonstream', 'parallel-independent', 'sequence-independent', 'recovers-after-abort'],
];

it.each([...apis.keys()])('%s: a correct server has no fail and no warning', async (id) => {
  const server = await starting(id);
  onTestFinished(() => server.close());
  const report = await checkServers([targetAt(server.url)], { ...SETTINGS, suite: 'full', apis: [id] });
  expect(contractBreaches(report)).toEqual([]);
  const results = report.servers.flatMap((one) => one.results);
  const wrong = results.filter(({ verdict }) => ['fail', 'warn', 'error'].includes(verdict));
  expect(wrong.map(({ check, case: key, observed, message }) => [check, key, observed, message])).toEqual([]);
  const passed = new Set(results.filter(({ verdict }) => verdict === 'pass').map(({ check }) => check));
  const { watches = [], terms } = apiOf(id);
  const due = [...ALWAYS, ...watches, ...(terms.stopped === undefined ? [] : ['stop-named'])];
  expect(due.filter((check) => !passed.has(check))).toEqual([]);
});

it.each([...apis.values()].filter(({ rendersAs }) => rendersAs !== undefined).map(({ id }) => id))(
  '%s: a prompt counts as in chat',
  async (id) => {
    const server = await starting(id);
    onTestFinished(() => server.close());
    const options = { ...SETTINGS, suite: 'standard', apis: ['chat', id] } as const;
    const report = await checkServers([targetAt(server.url)], options);
    const results = report.servers.flatMap((one) => one.results);
    const compared = results.filter(({ check }) => check === 'prompt-matches-chat');
    expect(compared.map(({ case: key, verdict }) => [key, verdict])).toEqual([
      [`${id}/stream/-/text`, 'pass'],
      [`${id}/nonstream/-/text`, 'pass'],
    ]);
  },
);
