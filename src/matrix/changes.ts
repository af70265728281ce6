/** What came and went between versions, and what an upgrade to the newest would change. Pure. */
import { groupBy } from '../model/group-by.ts';
import type { MeasuredRecord } from '../model/record.ts';
import type { Fault } from './faults.ts';
import type { Outcome } from './outcomes.ts';

/** What came with a version, or went with it. */
export interface Change {
  readonly from: string;
  readonly to: string;
  /** Ids of faults that held before, and fail now. */
  readonly breaks: readonly string[];
  readonly mends: readonly string[];
  /** APIs that were not served before, and those that are not any more. */
  readonly brings: readonly string[];
  readonly loses: readonly string[];
}

/** What going from one of these versions to the newest changes: the same for all of them. */
export interface Upgrade {
  readonly versions: readonly string[];
  /** Ids of faults. */
  readonly mends: readonly string[];
  readonly breaks: readonly string[];
}

/** Where a fault came or went: places in the list of versions. */
interface Turn {
  readonly id: string;
  readonly from: number;
  readonly to: number;
  readonly kind: 'breaks' | 'mends';
}

/** From each version to the next; over those in which a fault was not judged, from the last in which it was. */
export function changesBetween(
  records: readonly MeasuredRecord[],
  faults: readonly Fault[],
): readonly Change[] {
  const neighbours = records.slice(1).map((_, i) => ({ from: i, to: i + 1 }));
  const turns = faults.flatMap(turnsOf);
  const pairs = groupBy([...neighbours, ...turns], ({ from, to }) => `${from} ${to}`);
  return [...pairs.values()]
    .flatMap(([pair]) => (pair === undefined ? [] : [pair]))
    .sort((a, b) => a.to - b.to || b.from - a.from)
    .flatMap(({ from, to }) => {
      const [older, newer] = [records[from], records[to]];
      if (older === undefined || newer === undefined) return [];
      const ids = (kind: Turn['kind']) =>
        turns
          .filter((turn) => turn.from === from && turn.to === to && turn.kind === kind)
          .map(({ id }) => id);
      const served = to === from + 1 ? servedBetween(older, newer) : { brings: [], loses: [] };
      const change = { breaks: ids('breaks'), mends: ids('mends'), ...served };
      const isEmpty = Object.values(change).every((list) => list.length === 0);
      return isEmpty ? [] : [{ from: older.version, to: newer.version, ...change }];
    });
}

function turnsOf({ id, outcomes }: Fault): readonly Turn[] {
  const judged = [...outcomes.entries()].filter(([, outcome]) => outcome !== 'not-judged');
  return judged.slice(1).flatMap(([to, after], i): readonly Turn[] => {
    const [from = 0, before] = judged[i] ?? [];
    const kind = turned(before, after);
    return kind === null ? [] : [{ id, from, to, kind }];
  });
}

function turned(before: Outcome | undefined, after: Outcome | undefined): Turn['kind'] | null {
  if (before === 'holds' && after === 'fails') return 'breaks';
  return before === 'fails' && after === 'holds' ? 'mends' : null;
}

function servedBetween({ results: before }: MeasuredRecord, { results: after }: MeasuredRecord) {
  return {
    brings: Object.keys(after).filter((api) => before[api] === undefined),
    loses: Object.keys(before).filter((api) => after[api] === undefined),
  };
}

/** From each version but the newest, oldest first. */
export function upgradesOf(versions: readonly string[], faults: readonly Fault[]): readonly Upgrade[] {
  const ids = (at: number, wanted: Turn['kind']) =>
    faults.filter(({ outcomes }) => turned(outcomes[at], outcomes.at(-1)) === wanted).map(({ id }) => id);
  const upgrades: Upgrade[] = [];
  versions.slice(0, -1).forEach((version, at) => {
    const [mends, breaks] = [ids(at, 'mends'), ids(at, 'breaks')];
    const last = upgrades.at(-1);
    const same = last !== undefined && `${last.mends} ${last.breaks}` === `${mends} ${breaks}`;
    if (same) upgrades.pop();
    upgrades.push({ versions: [...(same ? last.versions : []), version], mends, breaks });
  });
  return upgrades;
}
