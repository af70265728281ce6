/** The words of a matrix of versions: the same in the table, in Markdown and in HTML. */
import type { Cell, Mark } from '../../matrix/cells.ts';
import type { Fault, Place, Run } from '../../matrix/faults.ts';
import type { Change, Column, Matrix, ProductMatrix } from '../../matrix/matrix.ts';
import { groupBy } from '../../model/group-by.ts';
import type { FaultNote } from '../../model/record.ts';
import { productNamed, products } from '../../products/index.ts';
import { plural } from '../../text/plural.ts';
import type { Words } from '../shared/headline-text.ts';

export const MARKS: Readonly<Record<Mark, string>> = {
  pass: '✓',
  fail: '✗',
  warn: '!',
  error: '?',
  none: '–',
};

export const LEGEND = [
  '✓ holds',
  '✗ fails, and how; +1: one more check of the row fails',
  '! a warning: a SHOULD is broken, or the maintainers intend it',
  '– not served, or not judged since another check failed',
  '? asked, and could not be judged',
];

/** What a check that is known, or not, is called: `no usage`. */
export const faultName = ({ check }: Pick<Fault, 'check'>, words: Words): string =>
  words(check)?.fault ?? check;

const titleOf = (product: string): string => products.get(product)?.title ?? product;

/** `LiteLLM in front of xllamacpp`; `xllamacpp (llama.cpp)` where the server inside says another name. */
export function productTitle({ product, upstream, versions }: ProductMatrix): string {
  const said = versions.at(-1)?.identified.product ?? null;
  const inside =
    said === null || upstream !== null || productNamed(said)?.id === productNamed(product)?.id
      ? ''
      : ` (${titleOf(said)})`;
  const front = upstream === null ? '' : ` in front of ${titleOf(upstream)}`;
  return `${titleOf(product)}${inside}${front}`;
}

/** `0.2.7 … 0.2.13 (6)` */
export function columnTitle({ versions }: Column): string {
  const [first = '', last = first] = [versions[0], versions.at(-1)];
  return versions.length === 1 ? first : `${first} … ${last} (${versions.length})`;
}

/** `absent +1`; empty where all holds. */
export function cellWords({ broken }: Cell): string {
  const [first, ...more] = broken;
  const others = new Set(more.map(({ check }) => check));
  if (first === undefined) return '';
  others.delete(first.check);
  return `${first.class}${others.size > 0 ? ` +${others.size}` : ''}`;
}

/** The fault that a cell leads to. */
export function faultOfCell(
  cell: Cell,
  api: string,
  { faults }: ProductMatrix,
  column: Column,
): Fault | undefined {
  const [first] = cell.mark === 'fail' ? cell.broken : [];
  const fitting = faults.filter(
    ({ check, class: id, places }) =>
      check === first?.check && id === first.class && places.some((place) => place.api === api),
  );
  const [oldest] = column.versions;
  return (
    fitting.find(({ fails }) => fails.some((run) => run.from === oldest || run.to === oldest)) ?? fitting[0]
  );
}

/** `in all 56 versions measured`, `from 0.2.84 on (12 versions)`, `up to 0.2.86 (9 versions); 0.3.1`. */
export function rangeWords(runs: readonly Run[], { versions }: Pick<ProductMatrix, 'versions'>): string {
  const [oldest, newest] = [versions[0]?.version, versions.at(-1)?.version];
  if (runs.length === 0) return 'in none';
  const [only] = runs;
  if (only !== undefined && runs.length === 1 && only.versions === versions.length)
    return versions.length === 1 ? `in ${only.from}` : `in all ${versions.length} versions measured`;
  return runs
    .map(({ from, to, versions: count }) => {
      if (from === to) return from;
      const counted = ` (${count} versions)`;
      if (to === newest) return `from ${from} on${counted}`;
      return from === oldest ? `up to ${to}${counted}` : `${from} to ${to}${counted}`;
    })
    .join('; ');
}

/** `fails in …; holds …` */
export function historyWords({ fails, holds }: Fault, product: ProductMatrix): string {
  const held = holds.length === 0 ? 'holds in none of them' : `holds ${rangeWords(holds, product)}`;
  const failed = `fails ${rangeWords(fails, product)}`;
  return fails.reduce((sum, run) => sum + run.versions, 0) === product.versions.length
    ? failed
    : `${failed}; ${held}`;
}

/** `chat and completions streams; whole responses answers` */
export function placesWords(places: readonly Place[]): string {
  return [...groupBy(places, ({ mode }) => mode)]
    .map(([mode, of]) => {
      const apis = listed([...new Set(of.map(({ api }) => api))]);
      return mode === 'stream' ? `${apis} streams` : `non-streaming ${apis} answers`;
    })
    .join(', ');
}

export function listed(names: readonly string[]): string {
  const last = names.at(-1) ?? '';
  return names.length < 2 ? last : `${names.slice(0, -1).join(', ')} and ${last}`;
}

/** Where it is reported: the state, as words in front of a link. */
export function reportWords(note: FaultNote | null): string {
  const report = note?.report;
  if (report === undefined) return 'not looked for in the project’s reports';
  return report.link === null
    ? `not yet reported (looked for on ${report.searched})`
    : `known, ${report.state}`;
}

export const isUnreported = ({ note }: Fault): boolean => note?.report?.link === null;

/** Whether an upgrade would help, in a sentence or two. */
export function answerOf(product: ProductMatrix): string {
  const { versions, unavailable } = product;
  const newest = versions.at(-1);
  if (newest === undefined) return `No version could be started (${unavailable.length} tried).`;
  const fewest = Math.min(...versions.map(({ faults }) => faults));
  const best = versions.filter(({ faults }) => faults === fewest).at(-1);
  const said = newest.faults === 0 ? 'no check fails' : `${plural(newest.faults, 'fault')}`;
  const other =
    newest.faults === fewest || best === undefined
      ? versions.length > 1 && fewest > 0
        ? '; no older one has fewer'
        : ''
      : `; ${best.version} has the fewest (${fewest})`;
  return `${newest.version}, the newest measured: ${said}${other}.`;
}

/** What a version brought, each as a sentence. */
export function changeLines(change: Change, { faults }: ProductMatrix, words: Words): readonly string[] {
  const named = (ids: readonly string[]) =>
    faults
      .filter(({ id }) => ids.includes(id))
      .map((fault) => `${faultName(fault, words)} (${placesWords(fault.places)})`);
  return [
    ...named(change.mends).map((text) => `mends: ${text}`),
    ...named(change.breaks).map((text) => `breaks: ${text}`),
    ...(change.brings.length > 0 ? [`serves ${listed(change.brings)} now`] : []),
    ...(change.loses.length > 0 ? [`does not serve ${listed(change.loses)} any more`] : []),
  ];
}

/** `140 versions of 9 products, measured from 2026-11-26 to 2026-11-27` */
export function spanWords({ products }: Matrix): string {
  const all = products.flatMap(({ versions, unavailable }) => [...versions, ...unavailable]);
  const days = all.map(({ measured }) => measured.at.slice(0, 10)).sort();
  const [from, to] = [days[0], days.at(-1)];
  const measured = products.reduce((sum, { versions }) => sum + versions.length, 0);
  const when = from === to ? `on ${from}` : `from ${from} to ${to}`;
  return `${plural(measured, 'version')} of ${plural(products.length, 'product')}, measured ${when}`;
}
