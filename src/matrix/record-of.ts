/** A report of one server version made into the record that is kept of it. Pure. */
import { parseCase } from '../model/case-id.ts';
import { groupBy } from '../model/group-by.ts';
import type { MeasuredRecord, Part, RecordedFault, Tallies, Tally, VersionRecord } from '../model/record.ts';
import type { Report, Result, ServerReport } from '../model/report.ts';
import { scenarios } from '../scenarios/index.ts';
import { cutToLength } from '../text/harmless.ts';

const LONGEST_FRAME = 400;
/** A longer curl line would be most of the record; it is left out, since half of one is of no use. */
const LONGEST_CURL = 1_200;
const LONGEST_TEXT = 400;

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
  if (!judged)
    return { ...head, state: 'unavailable', reason: shorten(halt?.message ?? 'nothing could be judged') };
  return {
    ...head,
    state: 'measured',
    identified: { product: server.product, version: server.version },
    model: server.model === null ? null : shorten(server.model),
    requests: server.requests,
    seconds: Math.round(server.durationMs / 1000),
    ...(halt === null ? {} : { halt: shortHalt(halt, shorten) }),
    notServed: server.notServed ?? [],
    results: resultsOf(server.results),
    faults: faultsOf(server.results, shorten),
  };
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
      const byCheck = [...groupBy(ofPart, ({ check }) => check)].sort(([a], [b]) => (a < b ? -1 : 1));
      ofParts[part as Part] = Object.fromEntries(byCheck.map(([check, same]) => [check, tallyOf(same)]));
    }
    tree[api] = ofParts;
  }
  return tree;
}

export function partOf(key: string): Part {
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

const classOf = (result: Result) => result.class ?? 'fails';

function faultsOf(results: readonly Result[], shorten: Shorten): readonly RecordedFault[] {
  const fails = results.filter(({ verdict }) => verdict === 'fail');
  const groups = groupBy(fails, (result) => `${result.check} ${classOf(result)}`);
  return [...groups.values()].flatMap((same) => {
    const shown = same.find(({ confirmed, evidence }) => confirmed === '2/2' && evidence) ?? same[0];
    return shown === undefined ? [] : [faultOf(shown, shorten)];
  });
}

function faultOf(result: Result, shorten: Shorten): RecordedFault {
  const { check, case: key, expected, observed, message, evidence } = result;
  const frame = evidence?.frames.at(-1);
  const curl = evidence === undefined ? '' : shorten(evidence.curl);
  return {
    check,
    class: classOf(result),
    case: key,
    expected: cutToLength(shorten(expected), LONGEST_TEXT),
    observed: cutToLength(shorten(observed || message), LONGEST_TEXT),
    ...(frame === undefined
      ? {}
      : {
          frame: {
            ...(frame.event === undefined ? {} : { event: frame.event }),
            data: cutToLength(shorten(frame.data), LONGEST_FRAME),
          },
        }),
    ...(curl === '' || curl.length > LONGEST_CURL ? {} : { curl }),
  };
}

type Shorten = (text: string) => string;

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
