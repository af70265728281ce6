/** Several reports made one: the shards of a run, or reports about different servers. Pure. */

import { UserError } from '../model/errors.ts';
import type { Report, ServerReport } from '../model/report.ts';
import { withUniqueNames } from '../model/server-names.ts';
import { withUses } from './baseline.ts';
import { remarkOn } from './baseline-remarks.ts';
import { exitCodeOf } from './exit-code.ts';
import { summarise } from './summary.ts';

/** Reports that do not belong together; one line that says why. */
class MergeError extends UserError {
  override readonly name = 'MergeError';
}

/** A report and the file it was read from. */
export interface Part {
  readonly file: string;
  readonly report: Report;
}

/** @throws MergeError where parts are of different runs, come twice, or are missing */
export function mergeReports(parts: readonly Part[]): Report {
  const [first] = parts;
  if (first === undefined) throw new MergeError('nothing to merge');
  for (const part of parts) mustMatch(first, part);
  const ordered = first.report.shard === undefined ? parts : allShards(parts);
  const reports = ordered.map(({ report }) => report);
  // The report is the same whatever the order of the files.
  const base = ordered[0]?.report ?? first.report;
  const servers = serversOf(ordered, base);
  const starts = reports.map(({ startedAt }) => Date.parse(startedAt));
  const begun = Math.min(...starts);
  const ended = Math.max(...reports.map(({ durationMs }, i) => (starts[i] ?? 0) + durationMs));
  const { shard: _, baseline: _baseline, remarks: _remarks, environment: _environment, ...common } = base;
  const remarks = [...new Set(reports.flatMap(ownRemarks))];
  const merged: Report = {
    ...common,
    startedAt: new Date(begun).toISOString(),
    durationMs: ended - begun,
    partial: reports.some(({ partial }) => partial),
    servers,
    summary: summarise(servers.flatMap(({ results }) => results)),
    ...(remarks.length > 0 ? { remarks } : {}),
  };
  const uses = base.baseline;
  if (uses === undefined) return { ...merged, exitCode: exitCodeOf(merged) };
  const summed = uses.map((use, i) => ({
    ...use,
    judged: reports.reduce((sum, { baseline }) => sum + (baseline?.[i]?.judged ?? 0), 0),
    failed: reports.reduce((sum, { baseline }) => sum + (baseline?.[i]?.failed ?? 0), 0),
    erred: reports.reduce((sum, { baseline }) => sum + (baseline?.[i]?.erred ?? 0), 0),
  }));
  return withUses(merged, summed, !merged.partial);
}

/** Remarks about the baseline are left out: they are made again for all parts together. */
function ownRemarks({ remarks = [], baseline = [] }: Report): readonly string[] {
  const said = new Set(baseline.flatMap(remarkOn));
  return remarks.filter((remark) => !said.has(remark));
}

const facts: ReadonlyArray<readonly [string, (report: Report) => unknown]> = [
  ['version of lastchunk', ({ tool }) => tool.version],
  ['catalogue', ({ catalogue }) => catalogue],
  ['suite', ({ suite }) => suite],
  ['--strict', ({ strict }) => strict],
  ['--fail-on', ({ failOn }) => failOn ?? 'fail'],
  ['number of shards', ({ shard }) => shard?.count ?? 'none'],
  ['plan (servers, selection or baseline)', ({ shard }) => shard?.plan],
  [
    'baseline',
    ({ baseline }) => JSON.stringify(baseline?.map(({ judged, failed, erred, state, ...entry }) => entry)),
  ],
];

function mustMatch(first: Part, part: Part): void {
  for (const [name, of] of facts) {
    const [a, b] = [of(first.report), of(part.report)];
    if (a === b) continue;
    const shown = name.startsWith('plan') || name === 'baseline' ? '' : ` (${String(a)}, ${String(b)})`;
    throw new MergeError(`${first.file} and ${part.file} do not belong together: another ${name}${shown}`);
  }
}

function allShards(parts: readonly Part[]): readonly Part[] {
  const byIndex = new Map<number, Part>();
  for (const part of parts) {
    const index = part.report.shard?.index ?? 0;
    const twin = byIndex.get(index);
    if (twin !== undefined)
      throw new MergeError(`${twin.file} and ${part.file} are the same shard, ${index}`);
    byIndex.set(index, part);
  }
  const count = parts[0]?.report.shard?.count ?? 0;
  const missing = Array.from({ length: count }, (_, i) => i + 1).filter((index) => !byIndex.has(index));
  if (missing.length > 0)
    throw new MergeError(
      `of ${count} shards ${missing.length === 1 ? 'one is' : 'some are'} missing: ${missing.join(', ')}`,
    );
  return [...byIndex].sort(([a], [b]) => a - b).map(([, part]) => part);
}

/** In the order in which the servers were given; each keeps its seed where that differs from the first part's. */
function serversOf(parts: readonly Part[], { seed, shard }: Report): readonly ServerReport[] {
  const seen = new Map<string, Part>();
  const servers = parts.flatMap((part) =>
    part.report.servers.map((server) => {
      const { name, baseUrl, product, version, model } = server;
      const identity = JSON.stringify([name, baseUrl, product, version, model]);
      const other = seen.get(identity);
      if (other !== undefined && other !== part)
        throw new MergeError(`${other.file} and ${part.file} both have the server ${JSON.stringify(name)}`);
      seen.set(identity, part);
      return part.report.seed === seed ? server : { ...server, seed: part.report.seed };
    }),
  );
  const order = shard?.servers ?? [];
  if (shard !== undefined) servers.sort((a, b) => order.indexOf(a.name) - order.indexOf(b.name));
  // Two versions that listened at the same address have the same name.
  return withUniqueNames(servers);
}
