/** What changed from one report to another. Pure. */

import { UserError } from '../model/errors.ts';
import type { FailOn, Report, Result, ServerReport, Summary, Verdict } from '../model/report.ts';
import { failsRun, wasInterrupted } from './exit-code.ts';
import { summarise } from './summary.ts';

/** Servers that can't be told apart or found; one line that says how to name them. */
export class MatchError extends UserError {
  override readonly name = 'MatchError';
}

export interface Change {
  readonly check: string;
  readonly case: string;
  /** null: there was, or is, no such result. */
  readonly was: Verdict | null;
  readonly is: Verdict | null;
  /** What was observed, or said, before and after. */
  readonly before: string;
  readonly after: string;
  /** By what changes are alike: how the rule was broken, or why it could not be judged; empty for neither. */
  readonly kinds: { readonly before: string; readonly after: string };
}

export interface Numbers extends Summary {
  readonly requests: number;
  readonly durationMs: number;
  readonly serverMs: number;
}

export interface ServerDiff {
  readonly a: Named;
  readonly b: Named;
  readonly numbers: { readonly a: Numbers; readonly b: Numbers };
  /** What fails the later run, did not fail before, and no baseline lists: these are regressions. */
  readonly newlyFailing: readonly Change[];
  readonly mended: readonly Change[];
  /** Was judged, and is skipped or could not be judged. */
  readonly noLongerJudged: readonly Change[];
  /** Any other change of the verdict, fails that the baseline lists among them. */
  readonly otherwise: readonly Change[];
  readonly new: readonly Change[];
  readonly gone: readonly Change[];
  readonly stillFailing: readonly Change[];
}

/** How a server is called. */
export interface Named {
  readonly name: string;
  readonly product: string | null;
  readonly version: string | null;
}

export interface ReportDiff {
  readonly servers: readonly ServerDiff[];
  /** Servers of which the other report has none. */
  readonly onlyA: readonly Named[];
  readonly onlyB: readonly Named[];
  /** In what the two runs differ, where that may be why results differ: `suite smoke → full`. */
  readonly notes: readonly string[];
  readonly regression: boolean;
  /** True where a server was judged and no longer is at all, or the second run was broken off: nothing to rely on. */
  readonly unjudged: boolean;
}

/**
 * @param matches pairs of servers that are not called the same; each named by its name or by "product version"
 * @throws MatchError
 */
export function diffReports(
  a: Report,
  b: Report,
  matches: ReadonlyArray<readonly [a: string, b: string]>,
): ReportDiff {
  const pairs = pairsOf(a.servers, b.servers, matches);
  const servers = pairs.map(([one, other]) => diffServers(one, other, b.failOn));
  const without = (all: readonly ServerReport[], side: 0 | 1) =>
    all.filter((server) => !pairs.some((pair) => pair[side] === server)).map(named);
  return {
    servers,
    onlyA: without(a.servers, 0),
    onlyB: without(b.servers, 1),
    notes: notesOn(a, b),
    regression: servers.some(({ newlyFailing }) => newlyFailing.length > 0),
    unjudged:
      b.partial || pairs.some(([one, other]) => one.results.some(judged) && !other.results.some(judged)),
  };
}

function notesOn(a: Report, b: Report): readonly string[] {
  const facts = (['suite', 'catalogue', 'strict'] as const).flatMap((name) =>
    a[name] === b[name] ? [] : [`${name} ${a[name]} → ${b[name]}`],
  );
  const partial = [
    { run: a, which: 'first' },
    { run: b, which: 'second' },
  ].flatMap(({ run, which }) =>
    run.partial ? [`the ${which} run ${wasInterrupted(run) ? 'was interrupted' : 'was out of time'}`] : [],
  );
  return [...facts, ...partial];
}

type Pair = readonly [ServerReport, ServerReport];

function pairsOf(
  a: readonly ServerReport[],
  b: readonly ServerReport[],
  matches: ReadonlyArray<readonly [string, string]>,
): readonly Pair[] {
  const said = matches.map(([one, other]): Pair => [find(a, one, 'first'), find(b, other, 'second')]);
  const left = (all: readonly ServerReport[], side: 0 | 1) =>
    all.filter((server) => !said.some((pair) => pair[side] === server));
  const [leftA, leftB] = [left(a, 0), left(b, 1)];
  const same = leftA.flatMap((server): Pair[] =>
    leftB.some(({ name }) => name === server.name)
      ? [[find(leftA, server.name, 'first'), find(leftB, server.name, 'second')]]
      : [],
  );
  const pairs = [...said, ...same];
  if (pairs.length > 0) return pairs;
  const list = (servers: readonly ServerReport[]) =>
    servers.map(({ name }) => JSON.stringify(name)).join(', ') || 'none';
  throw new MatchError(
    `no server has the same name in both reports; write --match A=B (first: ${list(a)}; second: ${list(b)})`,
  );
}

function find(servers: readonly ServerReport[], said: string, which: string): ServerReport {
  const byName = servers.filter(({ name }) => name === said);
  const found = byName.length > 0 ? byName : servers.filter((server) => titleOf(server) === said);
  const [only, ...more] = found;
  if (only === undefined)
    throw new MatchError(
      `the ${which} report has no server ${JSON.stringify(said)}; it has ${servers.map(({ name }) => JSON.stringify(name)).join(', ')}`,
    );
  if (more.length > 0)
    throw new MatchError(
      `the ${which} report has several servers ${JSON.stringify(said)}; write --match with ${found.map((server) => JSON.stringify(titleOf(server))).join(' or ')}`,
    );
  return only;
}

/** `llama-cpp-python 0.2.84` */
export function titleOf({ product, version, name }: Named): string {
  return [product ?? name, version].filter(Boolean).join(' ');
}

const named = ({ name, product, version }: ServerReport): Named => ({ name, product, version });
const judged = ({ verdict }: Result) => verdict === 'pass' || verdict === 'fail' || verdict === 'warn';
const keyOf = (result: Result) => `${result.check} ${result.case}`;

function numbersOf({ results, requests, durationMs, serverMs }: ServerReport): Numbers {
  return { ...summarise(results), requests, durationMs, serverMs };
}

function diffServers(a: ServerReport, b: ServerReport, failOn: FailOn | undefined): ServerDiff {
  const before = new Map(a.results.map((result) => [keyOf(result), result]));
  const after = new Map(b.results.map((result) => [keyOf(result), result]));
  const kinds: Record<Kind, Change[]> = {
    newlyFailing: [],
    mended: [],
    noLongerJudged: [],
    otherwise: [],
    new: [],
    gone: [],
    stillFailing: [],
  };
  for (const key of new Set([...before.keys(), ...after.keys()])) {
    const [was, is] = [before.get(key), after.get(key)];
    const kind = kindOf(was, is, failOn);
    const any = is ?? was;
    if (kind === null || any === undefined) continue;
    kinds[kind].push({
      check: any.check,
      case: any.case,
      was: was?.verdict ?? null,
      is: is?.verdict ?? null,
      before: was === undefined ? '' : was.observed || was.message,
      after: is === undefined ? '' : is.observed || is.message,
      kinds: { before: kindOfResult(was), after: kindOfResult(is) },
    });
  }
  return { a: named(a), b: named(b), numbers: { a: numbersOf(a), b: numbersOf(b) }, ...kinds };
}

function kindOfResult(result: Result | undefined): string {
  if (result?.verdict === 'skip' || result?.verdict === 'error') return result.cause ?? result.message;
  return result?.class ?? '';
}

type Kind = 'newlyFailing' | 'mended' | 'noLongerJudged' | 'otherwise' | 'new' | 'gone' | 'stillFailing';

function kindOf(was: Result | undefined, is: Result | undefined, failOn?: FailOn): Kind | null {
  if (is === undefined) return 'gone';
  const failed = was !== undefined && failsRun(was, is.verdict === 'fail' ? 'fail' : failOn);
  if (failsRun(is, failOn) && !failed) return is.baselined ? 'otherwise' : 'newlyFailing';
  if (was === undefined) return 'new';
  if (was.verdict === 'fail') {
    if (is.verdict === 'fail') return 'stillFailing';
    // A profile that now accepts it has mended nothing.
    if (is.lowered !== undefined) return 'otherwise';
    return judged(is) ? 'mended' : 'noLongerJudged';
  }
  if (was.verdict === is.verdict) return null;
  return judged(was) && !judged(is) ? 'noLongerJudged' : 'otherwise';
}
