/** How measured versions of a product came out, in words: what a finding and `explain` say of other versions. */
import type { ServerReport } from '../../model/report.ts';
import type { Failing } from '../../products/advice.ts';
import type { Measured } from '../../products/observed.ts';
import { rangeWords } from '../matrix/history.ts';
import { titleOf } from '../matrix/words.ts';
import type { FindingGroup } from './findings.ts';

/** `Ollama: fails up to 0.5.7 (2 versions); holds from 0.12.6 on (3 versions).` */
export function measuredText({ subject, fault }: Measured): string {
  const { launched, upstream, versions } = subject;
  const title = [launched, ...(upstream === undefined ? [] : [upstream])].map(titleOf).join(' in front of ');
  const all = { versions: versions.map((version) => ({ version })) };
  const held = fault.holds.length === 0 ? '' : `; holds ${rangeWords(fault.holds, all)}`;
  return `${title}: fails ${rangeWords(fault.fails, all)}${held}.`;
}

/** How measured versions of a product came out where one of them fails so. */
export type MeasuredIn = (product: string | null, failing: Failing) => readonly Measured[];

/** How a finding came out in the measured versions of its products, each told once. */
export function measuredOfFinding(
  { check, shares }: FindingGroup,
  measuredIn: MeasuredIn | undefined,
): readonly string[] {
  const told = shares.flatMap(({ server, results }) =>
    results.flatMap(({ class: id, api }) => measuredIn?.(server.product, { check, class: id, api }) ?? []),
  );
  return [...new Set(told.map(measuredText))];
}

/** The same of all that fails on a server, as data. */
export function measuredOfServer({ product, results }: ServerReport, measuredIn: MeasuredIn) {
  const failing = results.filter(({ verdict }) => verdict === 'fail');
  const found = failing.flatMap(({ check, class: id, api }) =>
    measuredIn(product, { check, class: id, api }),
  );
  const once = new Map(found.map((one) => [one.fault, one]));
  return [...once.values()].map(({ subject: { launched, upstream }, fault }) => ({
    launched,
    ...(upstream === undefined ? {} : { upstream }),
    ...fault,
  }));
}
