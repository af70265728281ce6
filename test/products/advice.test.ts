import { existsSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import semver from 'semver';
import { describe, expect, it } from 'vitest';
import { allChecks } from '../../src/checks/catalogue.ts';
import { apiIds } from '../../src/model/api.ts';
import { parseCase, scenarioIds } from '../../src/model/case-id.ts';
import { adviceFor, type Failing } from '../../src/products/advice.ts';
import { productNamed, products } from '../../src/products/index.ts';
import type { Action, Advice, CountedProduct } from '../../src/products/product.ts';
import { readRecording } from '../../src/recordings/recording.ts';
import { runRecording } from '../../src/run/run-recording.ts';

const labelled = ['transformers serve'].flatMap((name) => productNamed(name) ?? []);
const advised: readonly CountedProduct[] = [...products.values(), ...labelled].filter(({ advice }) => advice);
const entries = advised.flatMap((product) =>
  (product.advice ?? []).map((advice) => ({ product, ...advice })),
);
const titled = entries.map((entry) => [`${entry.product.id}: ${entry.fact}`, entry] as const);

const classesOf = new Map(allChecks.map(({ id, classes }) => [id, classes as readonly string[]]));
const declares = (check: string, name: string) =>
  classesOf.get(check)?.some((one) => one === name || (one === 'http-*' && /^http-\d{3}$/.test(name))) ===
  true;

/** A real day, not after the clock's. */
function expectDay(day: string): void {
  expect(day).toMatch(/^20\d\d-\d\d-\d\d$/);
  expect(new Date(day).toISOString().slice(0, 10)).toBe(day);
  expect(Date.parse(day)).toBeLessThanOrEqual(Date.now());
}

it('is there for the servers people ask about', () => {
  const wanted = [
    'llama-cpp-python',
    'llama.cpp',
    'ollama',
    'vllm',
    'litellm',
    'transformers-serve',
    'mlx-lm',
  ];
  expect(advised.map(({ id }) => id)).toEqual(expect.arrayContaining(wanted));
});

describe('every entry', () => {
  it.each(titled)('%s: is about checks, classes, APIs and scenarios that there are', (_, entry) => {
    expect(entry.checks).not.toEqual([]);
    for (const check of entry.checks) expect(classesOf.has(check), check).toBe(true);
    for (const name of entry.classes ?? []) {
      expect(
        entry.checks.some((check) => declares(check, name)),
        name,
      ).toBe(true);
    }
    expect(apiIds).toEqual(expect.arrayContaining([...(entry.apis ?? [])]));
    expect(scenarioIds).toEqual(expect.arrayContaining([...(entry.scenarios ?? [])]));
  });

  it.each(titled)('%s: has links, and days on which they were looked at', (_, entry) => {
    const { since, mended, actions } = entry;
    expect(actions).not.toEqual([]);
    for (const { link, checked } of [mended, ...actions, ...(since ? [since] : [])]) {
      expect(link).toMatch(/^https:\/\/[^\s/]+\/\S+$/);
      expectDay(checked);
    }
    if (since?.kind === 'reported') expectDay(since.on);
    const opened = mended.kind === 'not-yet' || mended.kind === 'merged' ? mended.opened : undefined;
    if (opened !== undefined) expectDay(opened);
  });

  it.each(titled)(
    '%s: its range has the versions it speaks of',
    (_, { product, versions, since, mended, actions }) => {
      expect(semver.validRange(versions)).not.toBeNull();
      const holdsIn = (version: string): boolean => {
        const comparable = product.comparable?.(version) ?? null;
        expect(comparable, version).not.toBeNull();
        return comparable !== null && semver.satisfies(comparable, versions);
      };
      // A report may be older than what is known of the range's end.
      if (since?.version !== undefined) expect(holdsIn(since.version), since.version).toBe(true);
      if (mended.kind === 'not-yet') expect(holdsIn(mended.upTo), mended.upTo).toBe(true);
      if (mended.kind === 'release') expect(holdsIn(mended.version), mended.version).toBe(false);
      for (const action of actions) {
        if (action.kind === 'update' && action.to !== undefined)
          expect(holdsIn(action.to), action.to).toBe(false);
        if (action.kind === 'server') expect(products.has(action.product)).toBe(true);
        if (action.kind === 'recipe')
          expect(existsSync(new URL(`../../${action.path}`, import.meta.url)), action.path).toBe(true);
      }
    },
  );

  it.each(titled)('%s: is said in short sentences', (_, { fact, actions }) => {
    for (const text of [fact, ...actions.map((action) => action.text)]) {
      expect(text).toMatch(/^[A-Z`][^\n]{8,140}\.$/);
    }
  });
});

const facts = (advice: readonly Advice[]): string[] => advice.map(({ fact }) => fact);
const kinds = (advice: readonly Advice[]): Action['kind'][] =>
  advice.flatMap(({ actions }) => actions.map(({ kind }) => kind));

describe('adviceFor', () => {
  const missing = { check: 'usage-present', class: 'absent', api: 'chat', mode: 'stream' } as const;
  const python = (version: string | null) => ({ product: 'llama-cpp-python', version });

  it('knows what the first user asked: where the usage of llama-cpp-python is', () => {
    const [advice, ...more] = adviceFor(python('0.3.36'), missing);
    expect(more).toEqual([]);
    expect(advice?.mended).toMatchObject({ kind: 'not-yet', upTo: '0.3.36', report: 'open' });
    expect(advice?.mended.link).toBe('https://github.com/abetlen/llama-cpp-python/pull/1552');
    expect(advice?.actions.map(({ kind }) => kind)).toEqual(['recipe', 'proxy', 'server', 'no-stream']);
    expect(adviceFor(python('0.4.0'), missing)).toEqual([advice]);
  });

  it('goes by version, class, API, mode and scenario', () => {
    const server = { product: 'llama.cpp', version: 'b7376' };
    expect(adviceFor(server, { check: 'usage-unrequested', api: 'chat', mode: 'stream' })).toEqual([]);
    expect(adviceFor(server, { check: 'usage-unrequested', api: 'completions' })).toHaveLength(1);
    expect(adviceFor(server, { check: 'usage-unrequested', api: 'completions', mode: 'nonstream' })).toEqual(
      [],
    );
    expect(
      kinds(adviceFor({ ...server, version: 'b6000' }, { check: 'usage-unrequested', api: 'chat' })),
    ).toEqual(['update']);
    expect(adviceFor(python('0.3.36'), { ...missing, class: 'late' })).toEqual([]);
    const limit = { check: 'completion-within-limit', class: 'over', api: 'chat', mode: 'nonstream' };
    expect(adviceFor(python('0.3.36'), { ...limit, scenario: 'max-completion-tokens' })).toHaveLength(1);
    expect(adviceFor(python('0.3.36'), { ...limit, scenario: 'utf8' })).toEqual([]);
  });

  it('takes what is not told for anything, an unknown version as well', () => {
    expect(adviceFor(python(null), { check: 'usage-present' })).toHaveLength(1);
    expect(adviceFor(python('main'), { check: 'usage-present' })).toHaveLength(1);
    const builds = adviceFor({ product: 'llama.cpp', version: 'b0-unknown' }, { check: 'usage-unrequested' });
    expect(builds.map(({ mended }) => mended.kind)).toEqual(['release', 'not-yet']);
  });

  it('knows products as people write them, and nothing of others', () => {
    const end = { check: 'stream-end', class: 'missing', api: 'chat', mode: 'stream' };
    expect(facts(adviceFor({ product: 'Transformers serve', version: '5.23.0' }, end))).toEqual([
      'Streams end without `[DONE]`.',
    ]);
    for (const product of [null, 'my-server', 'localai', 'constructor']) {
      expect(adviceFor({ product, version: '1.0.0' }, missing)).toEqual([]);
    }
  });
});

/** Faults of recorded answers, as test/checks/real-captures.test.ts finds them, and for what nothing is known. */
const captured: readonly (readonly [product: string, version: string, failing: Failing, advised: boolean])[] =
  [
    ['vllm', '0.32.0', { check: 'usage-null-before', class: 'absent', api: 'chat' }, true],
    ['vllm', '0.32.0', { check: 'usage-once', class: 'cumulative', api: 'chat' }, true],
    ['ollama', '0.17.4', { check: 'usage-once', class: 'zero-filled', api: 'completions' }, true],
    ['ollama', '0.17.4', { check: 'stream-end', class: 'missing', scenario: 'repetition' }, true],
    ['ollama', '0.17.4', { check: 'finish-once', class: 'none', scenario: 'repetition' }, true],
    ['ollama', '0.17.4', { check: 'usage-present', class: 'absent', scenario: 'repetition' }, true],
    ['mlx-lm', '0.32.2', { check: 'usage-chunk-envelope', class: 'wrong', api: 'chat' }, true],
    ['mlx-lm', '0.32.2', { check: 'usage-null-before', class: 'absent', api: 'chat' }, true],
    ['mlx-lm', '0.32.2', { check: 'request-answered', class: 'empty', scenario: 'list-prompts' }, true],
    ['transformers-serve', '5.23.0', { check: 'stream-end', class: 'missing', api: 'chat' }, true],
    ['transformers-serve', '5.23.0', { check: 'usage-unrequested', class: 'sent', api: 'chat' }, true],
    ['litellm', '1.106.2', { check: 'usage-chunk-choices-empty', class: 'non-empty', api: 'chat' }, true],
    ['litellm', '1.106.2', { check: 'usage-null-before', class: 'absent', api: 'chat' }, true],
    ['litellm', '1.106.2', { check: 'usage-unrequested', class: 'sent', api: 'completions' }, true],
    // The finish_reason of the second choice is lost; no report of it was found.
    ['litellm', '1.106.2', { check: 'finish-once', class: 'none', scenario: 'n2' }, false],
    ['llama.cpp', 'b7376', { check: 'choices-indexed', class: 'mixed-up', scenario: 'n2' }, true],
    ['llama.cpp', 'b7376', { check: 'usage-once', class: 'repeated', scenario: 'n2' }, true],
  ];

it.each(captured)('%s %s, %o: advice: %s', (product, version, failing, isAdvised) => {
  expect(adviceFor({ product, version }, failing).length > 0).toBe(isAdvised);
});

const RECORDINGS = new URL('../../fixtures/recordings/', import.meta.url);
/** `<recording> <api> <check>: <class>` that nothing is known of. */
const withoutAdvice: readonly string[] = [
  'llama.cpp-b11549 llamacpp-completion event-json: no-object',
  'llama.cpp-b11549 messages stop-named: finish',
  'llama.cpp-b11549 responses finish-reason-length: stop',
  'llama.cpp-b11549 responses sequence-numbers: absent',
  'llama.cpp-b11549 responses usage-details: absent',
];

it('whatever fails or warns in a recorded run has advice, or is listed as having none', async () => {
  const unadvised = new Set<string>();
  let failures = 0;
  for (const name of readdirSync(RECORDINGS)) {
    const { server } = await runRecording(readRecording(fileURLToPath(new URL(name, RECORDINGS))));
    for (const result of server.results.filter(({ verdict }) => verdict === 'fail' || verdict === 'warn')) {
      failures += 1;
      const { mode, scenario } = parseCase(result.case);
      const failing = { check: result.check, class: result.class, api: result.api, mode, scenario };
      if (adviceFor(server, failing).length === 0) {
        unadvised.add(`${name} ${result.api} ${result.check}: ${result.class}`);
      }
    }
  }
  expect(failures).toBeGreaterThan(100);
  expect([...unadvised].sort()).toEqual([...withoutAdvice].sort());
});
