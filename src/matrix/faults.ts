/** In which versions of a product each fault is, and in which it is not. Pure. */
import { groupBy } from '../model/group-by.ts';
import {
  type FaultNote,
  type MeasuredRecord,
  parts,
  type RecordedFault,
  type Tally,
} from '../model/record.ts';

/** Neighbours among the measured versions. */
export interface Run {
  readonly from: string;
  readonly to: string;
  readonly versions: number;
}

/** Where a check was asked. */
export interface Place {
  readonly api: string;
  readonly mode: 'stream' | 'nonstream';
}

/** A check that fails in one way, in the same versions wherever it is asked. */
export interface Fault {
  /** The same as long as check and class are: for links. */
  readonly id: string;
  readonly level: 'fail' | 'warn';
  readonly check: string;
  readonly class: string;
  readonly places: readonly Place[];
  /** Versions that have it, oldest first. */
  readonly fails: readonly Run[];
  /** Versions in which the check holds wherever the fault is seen in others. */
  readonly holds: readonly Run[];
  /** How it is in the newest version measured. */
  readonly newest: 'fails' | 'holds' | 'not-judged';
  /** As recorded with the newest version that has it. */
  readonly shown: (RecordedFault & { readonly version: string }) | null;
  readonly note: FaultNote | null;
}

type Outcome = 'fails' | 'holds' | 'not-judged';

interface Seen {
  readonly level: 'fail' | 'warn';
  readonly check: string;
  readonly class: string;
  readonly place: Place;
}

/** @param records of one product, oldest version first */
export function faultsOf(records: readonly MeasuredRecord[], notes: readonly FaultNote[]): readonly Fault[] {
  const seen = new Map(records.flatMap((record) => [...brokenIn(record)]));
  const outcomes = [...seen.values()].map((one) => ({
    one,
    outcomes: records.map((record) => outcomeIn(record, one)),
  }));
  const alike = groupBy(outcomes, ({ one, outcomes: came }) =>
    [one.level, one.check, one.class, ...came].join(' '),
  );
  return [...alike.values()].flatMap((same) => {
    const [first] = same;
    if (first === undefined) return [];
    const places = same.map(({ one }) => one.place);
    return [faultAt(records, first.one, places, first.outcomes, notes)];
  });
}

function faultAt(
  records: readonly MeasuredRecord[],
  { level, check, class: id }: Seen,
  places: readonly Place[],
  outcomes: readonly Outcome[],
  notes: readonly FaultNote[],
): Fault {
  const apis = places.map(({ api }) => api);
  const note = notes.find(
    (one) =>
      one.check === check &&
      (one.class ?? id) === id &&
      (one.apis === undefined || one.apis.some((api) => apis.includes(api))),
  );
  return {
    id: [check, id, ...places.map(placeId)].join('-').replace(/[^\w.-]+/g, '-'),
    level,
    check,
    class: id,
    places,
    fails: runsOf(records, outcomes, 'fails'),
    holds: runsOf(records, outcomes, 'holds'),
    newest: outcomes.at(-1) ?? 'not-judged',
    shown: shownIn(records, check, id, apis),
    note: note ?? null,
  };
}

const placeId = ({ api, mode }: Place) => (mode === 'stream' ? api : `${api}-whole`);

function shownIn(records: readonly MeasuredRecord[], check: string, id: string, apis: readonly string[]) {
  for (const { version, faults } of [...records].reverse()) {
    const fault = faults.find(
      (one) => one.check === check && one.class === id && apis.includes(one.case.split('/')[0] ?? ''),
    );
    if (fault !== undefined) return { ...fault, version };
  }
  return null;
}

/** Neighbours that came out alike. A version in which nothing was judged parts no run. */
function runsOf(
  records: readonly MeasuredRecord[],
  outcomes: readonly Outcome[],
  wanted: Outcome,
): readonly Run[] {
  const runs: Run[] = [];
  let open = false;
  records.forEach(({ version }, i) => {
    const outcome = outcomes[i];
    if (outcome === wanted) {
      const last = open ? runs.pop() : undefined;
      runs.push({ from: last?.from ?? version, to: version, versions: (last?.versions ?? 0) + 1 });
      open = true;
    } else if (outcome !== 'not-judged') open = false;
  });
  return runs;
}

function* brokenIn(record: MeasuredRecord): Iterable<readonly [string, Seen]> {
  for (const { place, check, tally } of talliesIn(record)) {
    if (typeof tally === 'number') continue;
    for (const level of ['fail', 'warn'] as const) {
      for (const id of Object.keys(tally[level] ?? {}))
        yield [[level, check, id, place.api, place.mode].join(' '), { level, check, class: id, place }];
    }
  }
}

function* talliesIn({ results }: MeasuredRecord) {
  for (const [api, ofApi] of Object.entries(results)) {
    for (const part of parts) {
      const mode = part.startsWith('nonstream') ? ('nonstream' as const) : ('stream' as const);
      for (const [check, tally] of Object.entries(ofApi[part] ?? {}))
        yield { place: { api, mode }, check, tally };
    }
  }
}

function outcomeIn(record: MeasuredRecord, { level, check, class: id, place }: Seen): Outcome {
  const prefix = place.mode === 'stream' ? 'stream' : 'nonstream';
  const tallies = parts
    .filter((part) => part === prefix || part === `${prefix}-tools`)
    .flatMap((part) => record.results[place.api]?.[part]?.[check] ?? []);
  if (tallies.some((tally) => has(tally, level, id))) return 'fails';
  return tallies.some(passed) ? 'holds' : 'not-judged';
}

const has = (tally: Tally, level: 'fail' | 'warn', id: string) =>
  typeof tally !== 'number' && tally[level]?.[id] !== undefined;

/** A check that breaks in another way does not hold. */
const passed = (tally: Tally) => (typeof tally === 'number' ? tally > 0 : false);
