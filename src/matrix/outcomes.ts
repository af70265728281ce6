/** How a way of failing came out in each version measured. Pure. */
import { type MeasuredRecord, parts, type Run, type Tally } from '../model/record.ts';

/** `otherwise`: not in this way, but the check fails or is warned about in another. */
export type Outcome = 'fails' | 'otherwise' | 'holds' | 'not-judged';

/** Where a check was asked. */
export interface Place {
  readonly api: string;
  readonly mode: 'stream' | 'nonstream';
}

/** A way of failing, in one place. */
export interface Breakage {
  readonly level: 'fail' | 'warn';
  readonly check: string;
  readonly class: string;
  readonly place: Place;
}

/** Runs of an outcome, oldest first. A version in which nothing was judged parts no other run. */
export function runsOf(
  versions: readonly string[],
  outcomes: readonly Outcome[],
  wanted: Outcome,
): readonly Run[] {
  const runs: Run[] = [];
  let open = false;
  versions.forEach((version, i) => {
    const outcome = outcomes[i];
    if (outcome === wanted) {
      const last = open ? runs.pop() : undefined;
      runs.push({ from: last?.from ?? version, to: version, versions: (last?.versions ?? 0) + 1 });
      open = true;
    } else if (outcome !== 'not-judged') open = false;
  });
  return runs;
}

/** All that is broken in a version. */
export function* brokenIn({ results }: MeasuredRecord): Iterable<Breakage> {
  for (const [api, ofApi] of Object.entries(results)) {
    for (const part of parts) {
      const mode = part.startsWith('nonstream') ? ('nonstream' as const) : ('stream' as const);
      for (const [check, tally] of Object.entries(ofApi[part] ?? {})) {
        if (typeof tally === 'number') continue;
        for (const level of ['fail', 'warn'] as const)
          for (const id of Object.keys(tally[level] ?? {}))
            yield { level, check, class: id, place: { api, mode } };
      }
    }
  }
}

/** How it came out there in a version, requests with tools and without together. */
export function outcomeIn(
  { results }: MeasuredRecord,
  { level, check, class: id, place }: Breakage,
): Outcome {
  const { api, mode } = place;
  const tallies = parts
    .filter((part) => part === mode || part === `${mode}-tools`)
    .flatMap((part) => results[api]?.[part]?.[check] ?? []);
  if (tallies.some((tally) => has(tally, level, id))) return 'fails';
  if (tallies.some(isBroken)) return 'otherwise';
  return tallies.some((tally) => typeof tally === 'number' && tally > 0) ? 'holds' : 'not-judged';
}

const has = (tally: Tally, level: 'fail' | 'warn', id: string) =>
  typeof tally !== 'number' && tally[level]?.[id] !== undefined;

const isBroken = (tally: Tally) =>
  typeof tally !== 'number' && (tally.fail !== undefined || tally.warn !== undefined);
