/** In which versions of a product each fault is, and in which it is not. Pure. */
import { groupBy } from '../model/group-by.ts';
import type { FaultNote, MeasuredRecord, RecordedFault, Run } from '../model/record.ts';
import { scenariosNeeded, wereJudged } from './judged-scenarios.ts';
import { type Breakage, brokenIn, type Outcome, outcomeIn, type Place, runsOf } from './outcomes.ts';

/** A check that fails in one way, in much the same versions wherever it is asked. */
export interface Fault {
  /** Check and class; where they are in several faults, the places as well. For links. */
  readonly id: string;
  readonly level: 'fail' | 'warn';
  readonly check: string;
  readonly class: string;
  readonly places: readonly Place[];
  /** By version measured, the oldest first: the worst of its places. */
  readonly outcomes: readonly Outcome[];
  /** Versions that have it, oldest first. */
  readonly fails: readonly Run[];
  /** Versions in which the check holds wherever it was judged. */
  readonly holds: readonly Run[];
  /** Versions in which the check is broken, and not in this way. */
  readonly otherwise: readonly Run[];
  readonly notJudged: readonly Run[];
  /** Places where it does not fail although it does in another. */
  readonly exceptions: readonly Exception[];
  /** How it is in the newest version measured. */
  readonly newest: Outcome;
  /** As recorded with the newest version that has it. */
  readonly shown: (RecordedFault & { readonly version: string }) | null;
  readonly note: FaultNote | null;
}

interface Exception {
  readonly places: readonly Place[];
  readonly outcome: Exclude<Outcome, 'fails'>;
  readonly runs: readonly Run[];
}

/** A way of failing in one place, through all versions. */
interface Asked {
  readonly broken: Breakage;
  readonly outcomes: readonly Outcome[];
}

/** @param records of one product, oldest version first */
export function faultsOf(records: readonly MeasuredRecord[], notes: readonly FaultNote[]): readonly Fault[] {
  const seen = new Map(
    records.flatMap((record) => [...brokenIn(record)]).map((one) => [placedKey(one), one] as const),
  );
  const asked = [...seen.values()].map((broken) => ({
    broken,
    outcomes: outcomesOf(records, broken),
  }));
  return [...groupBy(asked, ({ broken }) => keyOf(broken)).values()].flatMap((same) => {
    const faults = alikeIn(same);
    return faults.map((places) => faultOf(records, places, faults.length > 1, notes));
  });
}

/** Where the scenarios that a fault showed in were not judged, it does not hold. */
function outcomesOf(records: readonly MeasuredRecord[], broken: Breakage): readonly Outcome[] {
  const { check, class: id, place } = broken;
  const needed = scenariosNeeded(
    records,
    { check, class: id, ...place },
    (record) => outcomeIn(record, broken) === 'fails',
  );
  return records.map((record) => {
    const outcome = outcomeIn(record, broken);
    return outcome === 'holds' && !wereJudged(record, place, needed) ? 'not-judged' : outcome;
  });
}

const keyOf = ({ level, check, class: id }: Breakage) => [level, check, id].join(' ');
const placedKey = (broken: Breakage) => [keyOf(broken), broken.place.api, broken.place.mode].join(' ');

/** Parted where the versions say that it is not the same fault. */
function alikeIn(asked: readonly Asked[]): ReadonlyArray<readonly [Asked, ...Asked[]]> {
  const faults: Array<[Asked, ...Asked[]]> = [];
  for (const one of asked) {
    const same = faults.find((places) => places.every((other) => alike(one, other)));
    if (same === undefined) faults.push([one]);
    else same.push(one);
  }
  return faults;
}

/** One fault may come and go with what a model happens to say: so many versions may differ, and one in so many. */
const MOST_DIFFERENT = 2;
const ONE_IN = 5;

/** Whether both fail in some version, and differ in hardly any. */
function alike(one: Asked, other: Asked): boolean {
  const pairs = one.outcomes.map((outcome, i) => [outcome, other.outcomes[i] ?? 'not-judged'] as const);
  const judged = pairs.filter((pair) => !pair.includes('not-judged'));
  const different = judged.filter(([a, b]) => a !== b).length;
  const together = judged.some(([a, b]) => a === 'fails' && b === 'fails');
  return together && different <= Math.min(MOST_DIFFERENT, Math.floor(judged.length / ONE_IN));
}

function faultOf(
  records: readonly MeasuredRecord[],
  asked: readonly [Asked, ...Asked[]],
  placed: boolean,
  notes: readonly FaultNote[],
): Fault {
  const [{ broken }] = asked;
  const { level, check, class: id } = broken;
  const places = asked.map((one) => one.broken.place);
  const apis = places.map(({ api }) => api);
  const versions = records.map(({ version }) => version);
  const outcomes = records.map((_, i) => worstOf(asked.map((one) => one.outcomes[i] ?? 'not-judged')));
  const runs = (wanted: Outcome) => runsOf(versions, outcomes, wanted);
  const note = notes.find(
    (one) =>
      one.check === check &&
      (one.class ?? id) === id &&
      (one.apis === undefined || one.apis.some((api) => apis.includes(api))),
  );
  return {
    id: [check, id, ...(level === 'warn' ? [level] : []), ...(placed ? places.map(placeId) : [])]
      .join('-')
      .replace(/[^\w.-]+/g, '-'),
    level,
    check,
    class: id,
    places,
    outcomes,
    fails: runs('fails'),
    holds: runs('holds'),
    otherwise: runs('otherwise'),
    notJudged: runs('not-judged'),
    exceptions: exceptionsOf(versions, asked, outcomes),
    newest: outcomes.at(-1) ?? 'not-judged',
    shown: shownIn(records, check, id, apis),
    note: note ?? null,
  };
}

const placeId = ({ api, mode }: Place) => (mode === 'stream' ? api : `${api}-whole`);

const worst = ['fails', 'otherwise', 'holds'] as const;
const worstOf = (outcomes: readonly Outcome[]): Outcome =>
  worst.find((one) => outcomes.includes(one)) ?? 'not-judged';

function exceptionsOf(
  versions: readonly string[],
  asked: readonly Asked[],
  all: readonly Outcome[],
): readonly Exception[] {
  const found = asked.flatMap(({ broken, outcomes }) =>
    (['holds', 'otherwise', 'not-judged'] as const).flatMap((outcome) => {
      // Where all agree it is no exception: such a version counts as if it failed here, too.
      const only = outcomes.map((one, i) => (all[i] === 'fails' && one === outcome ? one : 'fails'));
      const runs = runsOf(versions, only, outcome);
      return runs.length === 0 ? [] : [{ place: broken.place, outcome, runs }];
    }),
  );
  return [...groupBy(found, ({ outcome, runs }) => JSON.stringify([outcome, runs])).values()].flatMap(
    (same) =>
      same
        .slice(0, 1)
        .map(({ outcome, runs }) => ({ places: same.map(({ place }) => place), outcome, runs })),
  );
}

function shownIn(records: readonly MeasuredRecord[], check: string, id: string, apis: readonly string[]) {
  for (const { version, faults } of [...records].reverse()) {
    const fault = faults.find(
      (one) => one.check === check && one.class === id && apis.includes(one.case.split('/')[0] ?? ''),
    );
    if (fault !== undefined) return { ...fault, version };
  }
  return null;
}
