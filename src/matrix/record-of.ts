/** A report of one server version made into the record that is kept of it. Pure. */
import { parseCase } from '../model/case-id.ts';
import { groupBy } from '../model/group-by.ts';
import type { MeasuredRecord, Part, Tallies, Tally, VersionRecord } from '../model/record.ts';
import type { Report, Result, ServerReport } from '../model/report.ts';
import { scenarios } from '../scenarios/index.ts';
import { judgedScenarios, narrowIn } from './judged-scenarios.ts';
import { checkOf, classOf, recordedFaults, type Shorten } from './recorded-faults.ts';

/** What a record may take, in bytes: what shows the faults gets what the results leave. */
const LARGEST = 15_000;

const withTools: ReadonlySet<string> = new Set(
  scenarios.filter(({ needs }) => needs.includes('tools')).map(({ id }) => id),
);

/** Texts to be replaced, such as folders of the machine, and what stands in their place; the first that fits is taken. */
export type Replaced = ReadonlyArray<readonly [text: string, by: string]>;

/**
 * @param places folders of the machine that no record is to name
 * @returns null where the run was broken off: what it would say of the rest is not known
 */
export function recordOf(report: Report, server: ServerReport, places: Replaced = []): VersionRecord | null {
  const { halt, launched } = server;
  if (halt?.kind === 'interrupted' || halt?.kind === 'out-of-time') return null;
  const shorten = replacing(replacedIn(server, places));
  const head = {
    kind: 'lastchunk-record' as const,
    schemaVersion: 1 as const,
    product: launched?.product ?? server.product ?? server.name,
    version: launched?.version ?? server.version ?? server.name,
    ...(launched?.upstream ? { upstream: launched.upstream } : {}),
    measured: {
      at: report.startedAt,
      tool: report.tool.version,
      catalogue: report.catalogue,
      suite: report.suite,
      seed: server.seed ?? report.seed,
    },
    ...(server.startAgain ? { started: server.startAgain.map(shorten) } : {}),
  };
  const judged = server.results.some(({ verdict }) => verdict !== 'skip' && verdict !== 'error');
  if (!judged) return { ...head, state: 'unavailable', reason: shorten(whyUnavailable(server)) };
  const record = {
    ...head,
    state: 'measured' as const,
    identified: { product: server.product, version: server.version },
    model: server.model === null ? null : shorten(server.model),
    requests: server.requests,
    seconds: Math.round(server.durationMs / 1000),
    ...(halt === null ? {} : { halt: shortHalt(halt, shorten) }),
    notServed: server.notServed ?? [],
    judged: judgedScenarios(server.results),
    narrow: narrowIn(server.results),
    results: resultsOf(server.results),
  };
  const room = LARGEST - Buffer.byteLength(JSON.stringify(record));
  return { ...record, faults: recordedFaults(server.results, shorten, room) };
}

/** With the last line of its log, where there is one. */
function whyUnavailable({ halt, notes }: ServerReport): string {
  return [halt?.message ?? 'nothing could be judged', ...notes.slice(-1)].join('; ');
}

function shortHalt({ kind, message, case: key }: NonNullable<ServerReport['halt']>, shorten: Shorten) {
  return { kind, message: shorten(message), ...(key === undefined ? {} : { case: key }) };
}

function resultsOf(results: readonly Result[]): MeasuredRecord['results'] {
  const told = results.filter(({ verdict }) => verdict !== 'skip');
  const tree: Record<string, Partial<Record<Part, Tallies>>> = {};
  for (const [api, ofApi] of groupBy(told, (result) => result.api)) {
    const ofParts: Partial<Record<Part, Tallies>> = {};
    for (const [part, ofPart] of groupBy(ofApi, (result) => partOf(result.case))) {
      const byCheck = [...groupBy(ofPart, checkOf)].sort(([a], [b]) => (a < b ? -1 : 1));
      ofParts[part as Part] = Object.fromEntries(byCheck.map(([check, same]) => [check, tallyOf(same)]));
    }
    tree[api] = ofParts;
  }
  return tree;
}

function partOf(key: string): Part {
  const { mode, scenario } = parseCase(key);
  const plain = mode === 'nonstream' ? 'nonstream' : 'stream';
  return withTools.has(scenario) ? `${plain}-tools` : plain;
}

function tallyOf(results: readonly Result[]): Tally {
  const of = (wanted: Result['verdict']) => results.filter(({ verdict }) => verdict === wanted);
  const [pass, error] = [of('pass').length, of('error').length];
  const [fail, warn] = [byClass(of('fail')), byClass(of('warn'))];
  if (error === 0 && fail === null && warn === null) return pass;
  return {
    ...(pass > 0 ? { pass } : {}),
    ...(fail ? { fail } : {}),
    ...(warn ? { warn } : {}),
    ...(error > 0 ? { error } : {}),
  };
}

function byClass(results: readonly Result[]): Readonly<Record<string, number>> | null {
  if (results.length === 0) return null;
  const groups = [...groupBy(results, classOf)].sort(([, a], [, b]) => b.length - a.length);
  return Object.fromEntries(groups.map(([id, same]) => [id, same.length]));
}

/** Of a model that is a path only its name is kept, and of an address on loopback no port that was free by chance. */
function replacedIn({ model, baseUrl }: ServerReport, places: Replaced): Replaced {
  const name = model?.split('/').at(-1);
  const loopback = URL.canParse(baseUrl) && new URL(baseUrl).hostname === '127.0.0.1';
  return [
    ...(model?.startsWith('/') && name ? [[model, name] as const] : []),
    ...(loopback ? [[new URL(baseUrl).host, '127.0.0.1:8080'] as const] : []),
    ...places,
  ];
}

function replacing(replaced: Replaced): Shorten {
  return (text) => replaced.reduce((shortened, [from, to]) => shortened.replaceAll(from, to), text);
}
