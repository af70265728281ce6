/** In which order a run asks, and what it does not ask. */
import { expect, it, test } from 'vitest';
import { catalogueOf } from '../../src/checks/catalogue.ts';
import { everything, selectionOf } from '../../src/config/selection.ts';
import { scenarioIds } from '../../src/model/case-id.ts';
import type { ServerReport } from '../../src/model/report.ts';
import { runServer } from '../../src/run/run-server.ts';
import { planUnits } from '../../src/run/units.ts';
import { scenarioOf } from '../../src/scenarios/index.ts';
import { startServer } from '../servers/model-server.ts';
import { SETTINGS, targetAt } from './settings.ts';

const { apis } = catalogueOf();
const ids = apis.map(({ id }) => id);
const RELATIONS = scenarioIds.filter((id) => scenarioOf(id).relation);

/** "chat text" and its like, in order. */
const planned = (only: readonly string[] = [], planning: 1 | 2 = 2) =>
  planUnits(ids, 'full', only.length === 0 ? everything : selectionOf(only, []), catalogueOf(), planning);

test('the plain requests of all APIs come first, the rest in the order of the APIs, what may do harm last', () => {
  const names = planned().map(({ api, name }) => `${api} ${name}`);
  const plain = names.filter((name) => / (text|short)$/.test(name));
  expect(names.slice(0, plain.length)).toEqual(plain);
  expect(plain.slice(0, 5)).toEqual([
    'chat text',
    'completions text',
    'chat short',
    'completions short',
    'responses text',
  ]);
  const rest = names.slice(plain.length);
  const before = planned([], 1).map(({ api, name }) => `${api} ${name}`);
  expect(rest).toEqual(before.filter((name) => !plain.includes(name)));
  expect([...names].sort()).toEqual([...before].sort());
  const chat = names.filter((name) => name.startsWith('chat '));
  expect(chat.indexOf('chat parallel')).toBeGreaterThan(chat.indexOf('chat n2'));
  expect(chat.at(-1)).toBe('chat overlong');
});

it.each(['usage-present', 'event-json', 'usage-unrequested'])(
  '--only %s sends what it can be judged by: streams, one after another',
  (check) => {
    const cases = planned([check]).flatMap((unit) => unit.cases);
    const whole = cases.filter(({ mode }) => mode === 'nonstream').map(({ scenario }) => scenario);
    expect(new Set(whole)).toEqual(new Set(['text', 'short']));
    expect(cases.filter(({ scenario }) => RELATIONS.includes(scenario))).toEqual([]);
    const streams = planned()
      .flatMap((unit) => unit.cases)
      .filter(({ mode, scenario }) => mode === 'stream' && !RELATIONS.includes(scenario));
    expect(cases.filter(({ mode }) => mode === 'stream')).toEqual(streams);
  },
);

it.each(['usage-nonzero', 'server-survives', 'error-ends-stream', 'completion-equals-limit'])(
  '--only %s sends everything: what is compared with others shows in all',
  (check) => {
    expect(planned([check]).length).toBe(planned().length);
  },
);

it('--only sends whole answers where a check that is chosen judges them', () => {
  const both = planned(['usage-present', 'request-answered']).flatMap((unit) => unit.cases);
  expect(both.some(({ mode, scenario }) => mode === 'nonstream' && scenario === 'natural')).toBe(true);
});

test('an API that leaves its first request unanswered waits until the others are judged', async () => {
  const server = await startServer({ elsewhere: (path) => (path === '/v1/responses' ? 'hang' : undefined) });
  try {
    const settings = { ...SETTINGS, suite: 'standard' as const, timeoutMs: 400 };
    const report = await runServer(targetAt(server.url), settings);
    expect(report.halt?.kind).toBe('given-up');
    const erred = report.results.filter(({ verdict }) => verdict === 'error').map(({ api }) => api);
    expect(new Set(erred)).toEqual(new Set(['responses']));
    expect(report.notServed).toContain('gemini');
  } finally {
    await server.close();
  }
});

test('what the plain requests show is told once, before the rest is sent', async () => {
  const server = await startServer({ mapUsage: () => null });
  const told: ServerReport[] = [];
  try {
    const soFar = (report: ServerReport) => void told.push(report);
    const settings = { ...SETTINGS, suite: 'standard' as const, soFar };
    const report = await runServer(targetAt(server.url), settings);
    expect(told).toHaveLength(1);
    const [early] = told;
    expect(early?.requests).toBeLessThan(report.requests);
    const scenarios = early?.results.map(({ case: id }) => id.split('/').at(-1));
    expect(new Set(scenarios)).toEqual(new Set(['text', 'short']));
    expect(early?.results).toContainEqual(
      expect.objectContaining({ check: 'usage-present', case: 'chat/stream/asked/text', verdict: 'fail' }),
    );
  } finally {
    await server.close();
  }
});

test('nothing is told early where the plain requests are all there is', async () => {
  const server = await startServer({});
  const told: ServerReport[] = [];
  try {
    await runServer(targetAt(server.url), { ...SETTINGS, soFar: (report) => void told.push(report) });
    expect(told).toEqual([]);
  } finally {
    await server.close();
  }
});
