/** Records of many versions as one table a product: versions as columns, questions as rows, faults by range. Pure. */

import { compareVersions } from '../launch/version-spec.ts';
import { apiIds } from '../model/api.ts';
import { UserError } from '../model/errors.ts';
import { groupBy } from '../model/group-by.ts';
import type { FaultNotes, MeasuredRecord, UnavailableRecord, VersionRecord } from '../model/record.ts';
import { type Cell, cellsOf, NOTHING } from './cells.ts';
import { type Fault, faultsOf } from './faults.ts';
import { type Question, questions } from './questions.ts';

/** Neighbouring versions that came out alike. */
export interface Column {
  readonly versions: readonly string[];
}

export interface Row {
  readonly question: Question;
  /** One a column. */
  readonly cells: readonly Cell[];
}

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

export interface MeasuredVersion
  extends Pick<
    MeasuredRecord,
    'version' | 'identified' | 'measured' | 'model' | 'started' | 'halt' | 'seconds'
  > {
  /** How many checks fail in it, each way of failing by itself. */
  readonly faults: number;
}

export interface ProductMatrix {
  /** `litellm--xllamacpp` for a gateway before another: the name of its folder. */
  readonly id: string;
  readonly product: string;
  readonly upstream: string | null;
  readonly versions: readonly MeasuredVersion[];
  readonly unavailable: readonly Pick<UnavailableRecord, 'version' | 'reason' | 'measured'>[];
  readonly columns: readonly Column[];
  readonly groups: ReadonlyArray<{ readonly api: string; readonly rows: readonly Row[] }>;
  readonly faults: readonly Fault[];
  readonly warnings: readonly Fault[];
  readonly changes: readonly Change[];
}

export interface Matrix {
  readonly suite: string;
  readonly catalogue: number;
  readonly products: readonly ProductMatrix[];
}

/** Records that cannot stand in one table. */
export class MatrixError extends UserError {
  override readonly name = 'MatrixError';
}

/** What a product's records are filed under. */
export const folderOf = ({ product, upstream }: Pick<VersionRecord, 'product' | 'upstream'>): string =>
  upstream === undefined ? product : `${product}--${upstream.product}`;

/**
 * @param mixed takes records of different suites and catalogues together
 * @throws MatrixError where they differ
 */
export function matrixOf(
  all: readonly VersionRecord[],
  notes: readonly FaultNotes[],
  { mixed = false }: { readonly mixed?: boolean } = {},
): Matrix {
  if (!mixed) refuseMixed(all);
  const { suite = '', catalogue = 0 } = all[0]?.measured ?? {};
  const byFolder = [...groupBy(all, folderOf)].sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    suite,
    catalogue,
    products: byFolder.map(([id, records]) =>
      productMatrix(id, newestOfEach(records), notes.find((one) => folderOfNotes(one) === id)?.faults ?? []),
    ),
  };
}

const folderOfNotes = ({ product, upstream }: FaultNotes) =>
  upstream === undefined ? product : `${product}--${upstream}`;

function refuseMixed(records: readonly VersionRecord[]): void {
  const kind = ({ measured }: VersionRecord) => `suite ${measured.suite}, catalogue ${measured.catalogue}`;
  const kinds = groupBy(records, kind);
  if (kinds.size < 2) return;
  const told = [...kinds].map(([name, [one]]) => `${name} (${one?.product} ${one?.version})`).join('; ');
  throw new MatrixError(
    `these were not asked the same: ${told}; measure them alike, or take them together with --mixed`,
  );
}

/** A version that was measured again counts once, as it was measured last. */
function newestOfEach(records: readonly VersionRecord[]): readonly VersionRecord[] {
  const versions = [...groupBy(records, ({ version }) => version).values()];
  return versions
    .flatMap((same) => [...same].sort((a, b) => (a.measured.at < b.measured.at ? 1 : -1)).slice(0, 1))
    .sort((a, b) => compareVersions(a.version, b.version));
}

function productMatrix(
  id: string,
  records: readonly VersionRecord[],
  notes: FaultNotes['faults'],
): ProductMatrix {
  const measured = records.filter((record) => record.state === 'measured');
  const [first = records[0]] = measured;
  const faults = faultsOf(measured, notes);
  const table = tableOf(measured);
  return {
    id,
    product: first?.product ?? id,
    upstream: first?.upstream?.product ?? null,
    versions: measured.map(
      ({ version, identified, measured: when, model, started, halt, seconds, faults: found }) => ({
        version,
        identified,
        measured: when,
        model,
        seconds,
        faults: found.length,
        ...(started ? { started } : {}),
        ...(halt ? { halt } : {}),
      }),
    ),
    unavailable: records
      .filter((record) => record.state === 'unavailable')
      .map(({ version, reason, measured: when }) => ({ version, reason, measured: when })),
    ...table,
    faults: faults.filter(({ level }) => level === 'fail'),
    warnings: faults.filter(({ level }) => level === 'warn'),
    changes: changesBetween(measured, faults),
  };
}

function tableOf(records: readonly MeasuredRecord[]): Pick<ProductMatrix, 'columns' | 'groups'> {
  const apis = apiIds.filter((api) => records.some(({ results }) => results[api] !== undefined));
  const cells = records.map((record) => new Map(apis.map((api) => [api, cellsOf(record, api)] as const)));
  const keys = cells.map((ofRecord) =>
    JSON.stringify([...ofRecord].map(([api, of]) => [api, [...of].map(keyOf)])),
  );
  const starts = keys.flatMap((key, i) => (i === 0 || key !== keys[i - 1] ? [i] : []));
  return {
    columns: starts.map((start, i) => ({
      versions: records.slice(start, starts[i + 1]).map(({ version }) => version),
    })),
    groups: apis.map((api) => ({
      api,
      rows: questions
        .map((question) => ({
          question,
          cells: starts.map((start) => cells[start]?.get(api)?.get(question.id) ?? NOTHING),
        }))
        .filter((row) => row.cells.some(({ mark }) => mark !== 'none')),
    })),
  };
}

/** What makes two cells alike. How many cases it was says little: it depends on the words a model chose. */
function keyOf([question, { mark, broken }]: readonly [string, Cell]): unknown {
  return [question, mark, broken.map(({ check, class: id }) => `${check} ${id}`).sort()];
}

function changesBetween(records: readonly MeasuredRecord[], faults: readonly Fault[]): readonly Change[] {
  const fails = faults.filter(({ level }) => level === 'fail');
  const within = ({ fails: runs }: Fault, at: number, of: 'from' | 'to') =>
    runs.some((run) => run[of] === records[at]?.version);
  return records.slice(1).flatMap((to, i) => {
    const from = records[i];
    if (from === undefined) return [];
    const change = {
      from: from.version,
      to: to.version,
      breaks: fails.filter(
        (one) => within(one, i + 1, 'from') && one.holds.some((run) => run.to === from.version),
      ),
      mends: fails.filter((one) => within(one, i, 'to') && one.holds.some((run) => run.from === to.version)),
      brings: Object.keys(to.results).filter((api) => from.results[api] === undefined),
      loses: Object.keys(from.results).filter((api) => to.results[api] === undefined),
    };
    const { breaks, mends, brings, loses } = change;
    const ids = (some: readonly Fault[]) => some.map(({ id }) => id);
    if (breaks.length + mends.length + brings.length + loses.length === 0) return [];
    return [{ ...change, breaks: ids(breaks), mends: ids(mends) }];
  });
}
