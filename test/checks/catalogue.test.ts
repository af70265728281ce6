import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { apis } from '../../src/apis/index.ts';
import { allChecks, catalogueOf, NEWEST_CATALOGUE } from '../../src/checks/catalogue.ts';
import { judgingOrder, needsInWhole } from '../../src/checks/judging-order.ts';
import { attemptCheck, BOTH, type Check, STREAM } from '../../src/checks/support/define-check.ts';
import { wordsOf } from '../../src/checks/words.ts';
import { explain } from '../../src/commands/explain.ts';
import { list } from '../../src/commands/list.ts';
import { everything, selectionOf } from '../../src/config/selection.ts';
import { findAll } from '../../src/judge/find.ts';
import { caseKey } from '../../src/model/case-id.ts';
import { broken, pass } from '../../src/model/finding.ts';
import type { CaseRecord } from '../../src/model/observations.ts';
import { planUnits } from '../../src/run/units.ts';
import { type Scenario, scenarios } from '../../src/scenarios/index.ts';
import { captured } from './captured.ts';

const PAGES = new URL('../../docs/checks/', import.meta.url);

const inAPipe = { width: 1000, colour: false };

it('ids are unique', () => {
  const ids = allChecks.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
});

it('every page belongs to a check, and explain knows it', () => {
  const pages = readdirSync(PAGES).map((name) => name.replace('.md', ''));
  const ids = allChecks.map(({ id }) => id);
  expect(pages.filter((name) => name !== 'README').sort()).toEqual([...ids].sort());
  for (const id of ids) expect(explain(id, inAPipe)).toContain(wordsOf(id).rule);
});

it.each([
  ['usage-presnt', /"usage-presnt"; did you mean usage-present\? see/],
  ['Usage-Present', /did you mean usage-present\?/],
  ['survives', /did you mean server-survives\?/],
  ['', /unknown check ""; see lastchunk list checks/],
])('explain %j says what is near', (id, says) => {
  expect(() => explain(id, inAPipe)).toThrow(says);
});

it.each(allChecks.map((check) => [check.id, check] as const))(
  'the page of %s says what its file says',
  (id, check) => {
    const [, front = ''] = readFileSync(new URL(`${id}.md`, PAGES), 'utf8').split('---\n');
    const { level, modes, catalogue, needs, consults } = check;
    expect({ consults: [], ...parse(front) }).toMatchObject({ id, level, modes, catalogue, needs, consults });
  },
);

/** A check that always passes in every plain case, with what is different. */
const check = (id: string, more: Partial<Check> = {}): Check =>
  ({ ...attemptCheck({ id, classes: [], modes: BOTH, judge: () => pass() }), ...more }) as Check;

describe('the order of judging', () => {
  const ids = (checks: readonly Check[]) => judgingOrder(checks).map(({ id }) => id);

  it('puts each check behind those that it needs or consults', () => {
    const order = ids(allChecks);
    expect([...order].sort()).toEqual(allChecks.map(({ id }) => id).sort());
    const late = allChecks.flatMap((one) =>
      [...one.needs, ...needsInWhole(one, allChecks), ...one.consults].filter(
        (id) => order.indexOf(id) > order.indexOf(one.id),
      ),
    );
    expect(late).toEqual([]);
  });

  it('does not depend on where a check stands in the catalogue', () => {
    const checks = [
      check('c', { consults: ['b'] }),
      check('d'),
      check('b', { needs: ['a'] }),
      check('a', { modes: STREAM }),
      check('whole', { standsFor: ['a'] }),
    ];
    expect(ids(checks)).toEqual(['a', 'whole', 'b', 'c', 'd']);
  });

  it('is refused where checks wait for each other, or for one that is not there', () => {
    const circle = [check('a', { needs: ['b'] }), check('b', { consults: ['a'] })];
    expect(() => ids(circle)).toThrow('checks wait for each other: a, b, a');
    expect(() => ids([check('a', { needs: ['z'] })])).toThrow('a waits for z');
  });

  it('holds for every catalogue by itself: no check waits for one that came later', () => {
    for (let number = 1; number <= NEWEST_CATALOGUE; number += 1)
      expect(() => judgingOrder(catalogueOf(number).checks)).not.toThrow();
  });
});

it('a check can, by its type, neither read what it does not declare nor be broken in such a way', () => {
  const reader = attemptCheck({
    id: 'a',
    classes: ['late'],
    modes: STREAM,
    consults: ['usage-once'],
    judge(_attempt, view) {
      view.found('usage-once', '');
      // @ts-expect-error: not declared in `consults`
      view.found('usage-last', '');
      return pass();
    },
  });
  const liar = attemptCheck({
    id: 'b',
    classes: ['late'],
    modes: STREAM,
    // @ts-expect-error: not declared in `classes`
    judge: () => broken({ class: 'absent', expected: '', detail: '' }),
  });
  // The compiler refuses both: without an error there, `npm run types` fails here.
  expect([reader.consults, liar.classes]).toEqual([['usage-once'], ['late']]);
});

describe('with a catalogue to come', () => {
  const added = check('usage-new', { catalogue: NEWEST_CATALOGUE + 1 });
  const scenario: Scenario = { ...plainScenario('utf8'), catalogue: NEWEST_CATALOGUE + 1 };
  const all = {
    checks: [added, ...allChecks],
    scenarios: scenarios.map((one) => (one.id === 'utf8' ? scenario : one)),
    apis: [...apis.values()],
  };
  const [first, second] = [catalogueOf(NEWEST_CATALOGUE, all), catalogueOf(undefined, all)];
  const id = { api: 'chat', mode: 'stream', option: 'asked', scenario: 'text' } as const;

  function plainScenario(name: string): Scenario {
    const found = scenarios.find((one) => one.id === name);
    if (found === undefined) throw new Error(`no scenario ${name}`);
    return found;
  }

  const judgedBy = (checks: readonly Check[]) => {
    const material = { kind: 'plain', exchanges: [captured('vllm-0.32.0/chat-stream-usage')] } as const;
    const record: CaseRecord = { id, key: caseKey(id), state: { kind: 'sent', material } };
    const seen = {
      model: null,
      cases: new Map([[record.key, record]]),
      context: null,
      death: null,
      lost: null,
      served: new Set(['chat'] as const),
    };
    return findAll(seen, checks, () => false).map((filed) => filed.check.id);
  };

  it('the newest is what is run where none is named', () => {
    expect([first.number, second.number]).toEqual([NEWEST_CATALOGUE, NEWEST_CATALOGUE + 1]);
  });

  it('one that is pinned judges nothing that came later', () => {
    expect(judgedBy(second.checks)).toContain('usage-new');
    expect(judgedBy(first.checks)).toEqual(judgedBy(allChecks));
  });

  it('one that is pinned sends nothing that came later', () => {
    const sent = (catalogue: typeof first) =>
      planUnits(['chat'], 'standard', everything, catalogue).map(({ name }) => name);
    expect(sent(second)).toContain('utf8');
    expect(sent(first)).toEqual(sent(second).filter((name) => name !== 'utf8'));
  });

  it('one that is pinned lists and selects nothing that came later', () => {
    expect(list('cases', first)).not.toContain('utf8');
    expect(list('cases', second)).toContain('utf8');
    expect(first.checks).toEqual(allChecks);
    expect(() => selectionOf(['*/utf8'], [], first)).toThrow('"*/utf8" matches no check and no case');
    expect(selectionOf(['*/utf8'], [], second).case('chat/stream/asked/utf8')).toBe(true);
  });

  it.each([0, NEWEST_CATALOGUE + 2, 1.5])('%d is refused, and the newest named', (number) => {
    expect(() => catalogueOf(number, all)).toThrow(
      expect.objectContaining({
        message: `there is no catalogue ${number}; the newest is ${NEWEST_CATALOGUE + 1}`,
        exitCode: 2,
      }),
    );
  });
});
