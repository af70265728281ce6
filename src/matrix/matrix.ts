/** Records of many versions as one table a product: versions as columns, questions as rows, faults by range. Pure. */

import { compareVersions } from '../launch/version-spec.ts';
import { apiIds } from '../model/api.ts';
import { UserError } from '../model/errors.ts';
import { groupBy } from '../model/group-by.ts';
import type { FaultNotes, MeasuredRecord, UnavailableRecord, VersionRecord } from '../model/record.ts';
import { type Cell, cellsOf, columnKey, NOTHING, together } from './cells.ts';
import { type Change, changesBetween, type Upgrade, upgradesOf } from './changes.ts';
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

interface MeasuredVersion
  extends Pick<
    MeasuredRecord,
    'version' | 'identified' | 'measured' | 'model' | 'started' | 'halt' | 'seconds'
  > {
  /** How many of the faults below it has. */
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
  /** What an upgrade to the newest version would change. */
  readonly upgrades: readonly Upgrade[];
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
  folderName(product, upstream?.product);

const folderName = (product: string, upstream: string | undefined): string =>
  upstream === undefined ? product : `${product}--${upstream}`;

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
      productMatrix(
        id,
        newestOfEach(records),
        notes.find(({ product, upstream }) => folderName(product, upstream) === id)?.faults ?? [],
      ),
    ),
  };
}

function refuseMixed(records: readonly VersionRecord[]): void {
  const kind = ({ measured }: VersionRecord) => `suite ${measured.suite}, catalogue ${measured.catalogue}`;
  const kinds = groupBy(records, kind);
  if (kinds.size < 2) return;
  const told = [...kinds].map(([name, [one]]) => `${name} (${one?.product} ${one?.version})`).join('; ');
  throw new MatrixError(
    `these were not asked the same: ${told}; measure them alike, or take them together with --mixed`,
  );
}

/** A version that was measured again counts once, as it was measured last. The oldest version of each product first. */
export function newestOfEach(records: readonly VersionRecord[]): readonly VersionRecord[] {
  const same = groupBy(records, (record) => JSON.stringify([folderOf(record), record.version]));
  return [...same.values()]
    .flatMap(([first, ...more]) =>
      first === undefined
        ? []
        : [more.reduce((newest, one) => (one.measured.at > newest.measured.at ? one : newest), first)],
    )
    .sort((a, b) => compareVersions(a.version, b.version));
}

function productMatrix(
  id: string,
  records: readonly VersionRecord[],
  notes: FaultNotes['faults'],
): ProductMatrix {
  const measured = records.filter((record) => record.state === 'measured');
  const [first = records[0]] = measured;
  const all = faultsOf(measured, notes);
  const faults = all.filter(({ level }) => level === 'fail');
  const versions = measured.map(({ version }) => version);
  return {
    id,
    product: first?.product ?? id,
    upstream: first?.upstream?.product ?? null,
    versions: measured.map(({ version, identified, measured: when, model, started, halt, seconds }, at) => ({
      version,
      identified,
      measured: when,
      model,
      seconds,
      faults: faults.filter(({ outcomes }) => outcomes[at] === 'fails').length,
      ...(started ? { started } : {}),
      ...(halt ? { halt } : {}),
    })),
    unavailable: records
      .filter((record) => record.state === 'unavailable')
      .map(({ version, reason, measured: when }) => ({ version, reason, measured: when })),
    ...tableOf(measured),
    faults,
    warnings: all.filter(({ level }) => level === 'warn'),
    changes: changesBetween(measured, faults),
    upgrades: upgradesOf(versions, faults),
  };
}

function tableOf(records: readonly MeasuredRecord[]): Pick<ProductMatrix, 'columns' | 'groups'> {
  const apis = apiIds.filter((api) => records.some(({ results }) => results[api] !== undefined));
  const cells = records.map((record) => new Map(apis.map((api) => [api, answersOf(record, api)])));
  const keys = cells.map((byApi) => [...byApi.values()].map(columnKey).join(';'));
  const starts = keys.flatMap((key, i) => (key === keys[i - 1] ? [] : [i]));
  const columns = starts.map((start, i) => ({ start, end: starts[i + 1] ?? records.length }));
  return {
    columns: columns.map(({ start, end }) => ({
      versions: records.slice(start, end).map(({ version }) => version),
    })),
    groups: apis.map((api) => ({
      api,
      rows: questions
        .map((question, row) => ({
          question,
          cells: columns.map(({ start, end }) =>
            together(cells.slice(start, end).map((byApi) => byApi.get(api)?.[row] ?? NOTHING)),
          ),
        }))
        .filter((row) => row.cells.some(({ mark }) => mark !== 'none')),
    })),
  };
}

/** In the order of the questions. */
function answersOf(record: MeasuredRecord, api: string): readonly Cell[] {
  const answers = cellsOf(record, api);
  return questions.map(({ id }) => answers.get(id) ?? NOTHING);
}
