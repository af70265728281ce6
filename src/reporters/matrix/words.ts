/** The words of a matrix of versions: the same in the table, in Markdown and in HTML. */

import { byHarm } from '../../judge/headline.ts';
import type { Cell, Mark } from '../../matrix/cells.ts';
import type { Change } from '../../matrix/changes.ts';
import type { Fault } from '../../matrix/faults.ts';
import type { Column, Matrix, ProductMatrix } from '../../matrix/matrix.ts';
import type { Place } from '../../matrix/outcomes.ts';
import type { FaultNote } from '../../model/record.ts';
import { productNamed, products } from '../../products/index.ts';
import { plural } from '../../text/plural.ts';
import { concernIn, type Words } from '../shared/headline-text.ts';

export const MARKS: Readonly<Record<Mark, string>> = {
  pass: '✓',
  fail: '✗',
  warn: '!',
  error: '?',
  none: '–',
};

export const LEGEND: ReadonlyArray<readonly [mark: Mark, words: string]> = [
  ['pass', 'holds'],
  ['fail', 'fails, and how; “+1”: one more check of the row fails'],
  ['warn', 'a warning: a SHOULD is broken, or the maintainers intend it'],
  ['none', 'not served, or not judged since another check failed'],
  ['error', 'asked, and could not be judged'],
];

/** What a check that is known, or not, is called: `no usage`. */
export const faultName = ({ check }: Pick<Fault, 'check'>, words: Words): string =>
  words(check)?.fault ?? check;

export const titleOf = (product: string): string => products.get(product)?.title ?? product;

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

/** `absent +1`; `over (2 of 5)` where not all versions of the column have it; empty where all holds. */
export function cellWords({ mark, broken, only }: Cell, { versions }: Column): string {
  const [first, ...more] = broken;
  const others = new Set(more.map(({ check }) => check).filter((check) => check !== first?.check));
  const judged = mark === 'pass' ? ' judged' : '';
  return [
    first?.class ?? '',
    others.size > 0 ? `+${others.size}` : '',
    only === undefined ? '' : `(${only} of ${versions.length}${judged})`,
  ]
    .filter(Boolean)
    .join(' ');
}

/** The faults, or warnings, that a cell leads to: one a check, the first being the one in its words. */
export function faultsOfCell(
  { mark, broken }: Cell,
  api: string,
  { faults, warnings, versions }: ProductMatrix,
  column: Column,
): readonly Fault[] {
  const from = versions.findIndex(({ version }) => version === column.versions[0]);
  const fails = ({ outcomes }: Fault) =>
    outcomes.slice(from, from + column.versions.length).includes('fails');
  const all = mark === 'fail' ? faults : mark === 'warn' ? warnings : [];
  const found = broken.flatMap(({ check, class: id }) =>
    all
      .filter((fault) => fault.check === check && fault.class === id && fails(fault))
      .filter(({ places }) => places.some((place) => place.api === api))
      .slice(0, 1),
  );
  return found.filter(({ check }, i) => found.findIndex((other) => other.check === check) === i);
}

/** The most harmful first, then those that the newest version has, then those that most versions have. */
export function worstFirst(faults: readonly Fault[], words: Words): readonly Fault[] {
  const count = ({ newest, fails }: Fault) =>
    (newest === 'fails' ? 1e6 : 0) + fails.reduce((sum, run) => sum + run.versions, 0);
  return [...faults].sort(byHarm(concernIn(words), count));
}

/** `chat and completions streams`, `completions, streaming or not`, `chat streams and non-streaming responses`. */
export function placesWords(places: readonly Place[]): string {
  const apis = (mode: Place['mode']) => [
    ...new Set(places.filter((place) => place.mode === mode).map(({ api }) => api)),
  ];
  const [streams, answers] = [apis('stream'), apis('nonstream')];
  const both = streams.filter((api) => answers.includes(api));
  const rest = (some: readonly string[]) => some.filter((api) => !both.includes(api));
  return listed(
    [
      both.length > 0 ? `${listed(both)}, streaming or not` : '',
      rest(streams).length > 0 ? `${listed(rest(streams))} streams` : '',
      rest(answers).length > 0 ? `non-streaming ${listed(rest(answers))}` : '',
    ].filter(Boolean),
    '; ',
  );
}

export function listed(names: readonly string[], last = ' and '): string {
  const end = names.at(-1) ?? '';
  return names.length < 2 ? end : `${names.slice(0, -1).join(', ')}${last}${end}`;
}

/** Where it is reported: the state, as words in front of a link. */
export function reportWords(note: FaultNote | null): string {
  const report = note?.report;
  if (report === undefined) return 'not looked for in the project’s reports';
  return report.link === null
    ? `not yet reported (looked for on ${report.searched})`
    : `known, ${report.state}`;
}

/** How it is in the newest version, in a word or two. */
export function stateWords({ newest }: Fault, { versions }: ProductMatrix): string {
  const version = versions.at(-1)?.version ?? '';
  return {
    fails: `in ${version}`,
    holds: `mended in ${version}`,
    otherwise: `differs in ${version}`,
    'not-judged': `not judged in ${version}`,
  }[newest];
}

export const isUnreported = ({ note }: Fault): boolean => note?.report?.link === null;

/** What a version brought, each as a sentence. */
export function changeLines(change: Change, product: ProductMatrix, words: Words): readonly string[] {
  return [
    ...namesOf(change.mends, product, words).map((text) => `mends: ${text}`),
    ...namesOf(change.breaks, product, words).map((text) => `breaks: ${text}`),
    ...(change.brings.length > 0 ? [`serves ${listed(change.brings)} now`] : []),
    ...(change.loses.length > 0 ? [`does not serve ${listed(change.loses)} any more`] : []),
  ];
}

/** Faults by their ids: `no usage (chat streams)`, the most harmful first. */
export const namesOf = (ids: readonly string[], { faults }: ProductMatrix, words: Words): readonly string[] =>
  worstFirst(
    faults.filter(({ id }) => ids.includes(id)),
    words,
  ).map((fault) => `${faultName(fault, words)} (${placesWords(fault.places)})`);

/** Versions that could not be started for the same reason, neighbours in one line. */
export function unavailableLines({ unavailable }: ProductMatrix): readonly string[] {
  const groups: Array<{ versions: string[]; reason: string }> = [];
  for (const { version, reason } of unavailable) {
    const last = groups.at(-1);
    const alike = reason.replaceAll(version, '…');
    if (last?.reason === alike) last.versions.push(version);
    else groups.push({ versions: [version], reason: alike });
  }
  return groups.map(({ versions, reason }) => {
    const [only = ''] = versions;
    return `${columnTitle({ versions })}: ${versions.length === 1 ? reason.replaceAll('…', only) : reason}`;
  });
}

/** Of measured versions, those whose run ended early: not all was asked. */
export const haltedLines = ({ versions }: ProductMatrix): readonly string[] =>
  versions.flatMap(({ version, halt }) => (halt === undefined ? [] : [`${version}: ${halt.message}`]));

/** `140 versions of 9 products, measured from 2026-11-26 to 2026-11-27` */
export function spanWords({ products }: Matrix): string {
  const all = products.flatMap(({ versions, unavailable }) => [...versions, ...unavailable]);
  const days = all.map(({ measured }) => measured.at.slice(0, 10)).sort();
  const [from, to] = [days[0], days.at(-1)];
  const measured = products.reduce((sum, { versions }) => sum + versions.length, 0);
  const when = from === to ? `on ${from}` : `from ${from} to ${to}`;
  const what = `${plural(measured, 'version')} of ${plural(products.length, 'product')}`;
  return from === undefined ? what : `${what}, measured ${when}`;
}
