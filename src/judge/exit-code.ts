/** The one place that decides how a run ends. */
import { parseCase } from '../model/case-id.ts';
import { EXIT } from '../model/errors.ts';
import type { FailOn, Halt, Report, Result, ServerReport } from '../model/report.ts';

export { EXIT };

/** Checks that can pass without any usage having been judged. */
const SAY_NOTHING = new Set([
  ...['request-answered', 'stream-options-accepted', 'event-json'],
  ...['sse-framing', 'error-ends-stream', 'server-survives'],
]);
const judged = ({ verdict }: Result) => verdict === 'pass' || verdict === 'fail' || verdict === 'warn';

const wasNotThere = ({ halt, results }: ServerReport) =>
  halt?.kind === 'unreached' || halt?.kind === 'unauthorized' || results.length === 0;

/**
 * True where nothing about usage was judged in any stream. Where the user chose only other checks or modes: where none of
 * the chosen ones was judged.
 */
export function judgedNoStream({ results }: Pick<ServerReport, 'results'>): boolean {
  const streaming = results.filter((result) => parseCase(result.case).mode === 'stream');
  const telling = streaming.filter(({ check }) => !SAY_NOTHING.has(check));
  const chosen = [telling, streaming].find(({ length }) => length > 0) ?? results;
  return !chosen.some(judged);
}

function couldNotBeJudged(server: ServerReport): boolean {
  if (wasNotThere(server) || judgedNoStream(server) || server.silentReferences?.length) return true;
  const erred = new Map<string, number>();
  for (const { check, verdict, level } of server.results) {
    if (verdict === 'error' && level === 'MUST') erred.set(check, (erred.get(check) ?? 0) + 1);
  }
  return [...erred].some(
    ([check, times]) =>
      times >= 2 && !server.results.some((result) => result.check === check && judged(result)),
  );
}

/** True for what fails a run unless the baseline lists it. */
export function failsRun({ verdict }: Pick<Result, 'verdict'>, failOn: FailOn = 'fail'): boolean {
  return verdict === 'fail' || (failOn === 'warn' && verdict === 'warn');
}

/** True where the user ended the run; false where its time was over. */
export function wasInterrupted({ partial, servers }: Pick<Report, 'servers' | 'partial'>): boolean {
  const ended = (kind: Halt['kind']) => servers.some(({ halt }) => halt?.kind === kind);
  return partial && (ended('interrupted') || !ended('out-of-time'));
}

/**
 * The exit code of a run whose outputs were all written. Where versions were compared only what a step breaks counts: what
 * fails in both versions does not.
 */
export function exitCodeOf(
  report: Pick<Report, 'servers' | 'partial' | 'baseline' | 'failOn' | 'steps'>,
): number {
  if (wasInterrupted(report)) return EXIT.interrupted;
  const { steps } = report;
  const fails =
    steps?.some(({ breaks }) => breaks.length > 0) ??
    report.servers.some(({ results }) =>
      results.some((result) => failsRun(result, report.failOn) && !result.baselined),
    );
  const untrue = report.baseline?.some(({ state }) => state === 'stale' || state === 'expired') ?? false;
  if (fails || untrue) return EXIT.failed;
  // The oldest version need only have been there: what could not be compared with it is in the steps.
  const needed = report.servers.filter((server, i) => steps === undefined || i > 0 || wasNotThere(server));
  const lost = steps?.some(({ unjudged }) => unjudged.length > 0) ?? false;
  if (report.partial || lost || needed.some(couldNotBeJudged)) return EXIT.unjudged;
  return EXIT.ok;
}

/** The same where an output could not be written. */
export function exitCodeUnwritten(exitCode: number): number {
  return exitCode === EXIT.ok ? EXIT.unjudged : exitCode;
}

/** The exit code of a comparison of two reports: a regression takes precedence over what could no longer be judged. */
export function exitCodeOfDiff(found: { readonly regression: boolean; readonly unjudged: boolean }): number {
  if (found.regression) return EXIT.failed;
  return found.unjudged ? EXIT.unjudged : EXIT.ok;
}
