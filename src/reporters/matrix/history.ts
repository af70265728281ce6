/** Versions in words: which have a fault, and which do not. */
import type { Fault } from '../../matrix/faults.ts';
import type { Run } from '../../model/record.ts';
import { listed, placesWords } from './words.ts';

/** Those measured, the oldest first. */
interface Versions {
  readonly versions: readonly { readonly version: string }[];
}

/** Of more parts, only the first and the last are told. */
const MOST_RUNS = 4;

/** `in all 56 versions measured`, `from 0.2.84 on (12 versions)`, `up to 0.2.86 (9 versions) and in 0.3.1`. */
export function rangeWords(runs: readonly Run[], { versions }: Versions): string {
  const count = runs.reduce((sum, run) => sum + run.versions, 0);
  const [first, last] = [runs[0], runs.at(-1)];
  if (first === undefined || last === undefined) return 'in none';
  if (count === versions.length) return EVERY[count] ?? `in all ${count} versions measured`;
  if (runs.length > MOST_RUNS)
    return `in ${count} of ${versions.length} versions, the first ${first.from}, the last ${last.to}`;
  if (runs.every(({ from, to }) => from === to)) return `in ${listed(runs.map(({ from }) => from))}`;
  return listed(runs.map((run) => runWords(run, versions)));
}

function runWords({ from, to, versions: count }: Run, all: Versions['versions']): string {
  if (from === to) return `in ${from}`;
  const counted = `(${count} versions)`;
  if (from === all[0]?.version) return `up to ${to} ${counted}`;
  return to === all.at(-1)?.version ? `from ${from} on ${counted}` : `from ${from} to ${to} ${counted}`;
}

/** `fails in 0.2.7; holds from 0.2.8 on (21 versions)`, with whatever else came of it. */
export function historyWords(fault: Fault, product: Versions): string {
  const { level, fails, holds, otherwise, notJudged, exceptions } = fault;
  const said = (verb: string, runs: readonly Run[]) =>
    runs.length === 0 ? [] : [`${verb} ${rangeWords(runs, product)}`];
  return [
    ...said(level === 'fail' ? 'fails' : 'is warned about', fails),
    ...exceptions.map(
      ({ places, outcome, runs }) =>
        `but ${EXCEPTIONS[outcome]} in ${placesWords(places)} ${rangeWords(runs, product)}`,
    ),
    ...said('holds', holds),
    ...said('fails in another way or is warned about', otherwise),
    ...said('not judged', notJudged),
  ].join('; ');
}

const EVERY: Readonly<Record<number, string>> = {
  1: 'in the only version measured',
  2: 'in both versions measured',
};
const EXCEPTIONS = { holds: 'holds', otherwise: 'differs', 'not-judged': 'was not judged' };
