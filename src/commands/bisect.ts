import { createHash } from 'node:crypto';
import { readFileSync, rmSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import * as z from 'zod';
import { checkIds } from '../checks/catalogue.ts';
import { planRun } from '../config/plan.ts';
import { allCaseKeys } from '../config/selection.ts';
import { EXIT } from '../judge/exit-code.ts';
import {
  type BisectResult,
  type BisectState,
  type BisectVerdict,
  EndError,
  bisect as search,
} from '../launch/bisect.ts';
import { cacheFolder } from '../launch/cache-folder.ts';
import { LaunchError, SHOWN_LINES } from '../launch/errors.ts';
import type { Recipe } from '../launch/recipe.ts';
import { indexOfVersion, isPrerelease, sortVersions } from '../launch/version-spec.ts';
import { brokenOff } from '../model/broken-off.ts';
import { UsageError } from '../model/errors.ts';
import { matcher } from '../model/glob.ts';
import type { ServerReport } from '../model/report.ts';
import type { Selection } from '../model/selection.ts';
import type { VersionRun } from '../run/run-version.ts';
import { didYouMean } from '../text/did-you-mean.ts';
import { harmless } from '../text/harmless.ts';
import { writeWhole } from '../text/write-whole.ts';
import type { Action } from './support/action.ts';
import { endedEarly } from './support/complain.ts';
import { interruptible } from './support/interruptible.ts';
import { listerOf, versionsOf } from './support/launch-flags.ts';
import { addLaunchOptions } from './support/launch-options.ts';
import { launchProgress } from './support/launch-progress.ts';
import { type LaunchingFlags, launching, runTold } from './support/launching.ts';

export interface BisectFlags extends LaunchingFlags {
  readonly good: string;
  readonly bad: string;
  readonly check: string;
  readonly case?: string;
  readonly fresh?: boolean;
  readonly format: string;
}

const stateShape = z.object({
  good: z.string(),
  bad: z.string(),
  verdicts: z.record(z.string(), z.enum(['good', 'bad', 'unavailable'])),
});

/** Bad where the check fails in a case asked about, good where it was judged and does not. A deviation counts for what it is. */
function verdictOn({ results }: ServerReport): BisectVerdict {
  if (results.some(({ verdict }) => verdict === 'fail')) return 'bad';
  return results.some(({ verdict }) => verdict === 'pass' || verdict === 'warn') ? 'good' : 'unavailable';
}

/** "bad, absent: …", "skipped, …": what is told of a version that was run. */
function toldOf(verdict: BisectVerdict, { results, halt }: ServerReport, check: string): string {
  if (verdict === 'good') return 'good';
  const said = results.find((one) => one.verdict === (verdict === 'bad' ? 'fail' : 'error')) ?? results[0];
  const why = harmless(
    said?.observed || said?.message || halt?.message || 'it is judged in none of the cases asked about',
    160,
  );
  return verdict === 'bad' ? `bad, ${why}` : `skipped, ${check} could not be judged: ${why}`;
}

/** "skipped, …" with the last lines of its log and where the whole of it is. */
function whyNot({ why, details, logPath }: Extract<VersionRun, { kind: 'unavailable' }>): string {
  const log = details.slice(-SHOWN_LINES).map((line) => `\n    ${harmless(line, 200)}`);
  const place = logPath === null ? '' : `\n    log: ${harmless(logPath, 1000)}`;
  return `skipped, ${harmless(why, 200)}${log.join('')}${place}`;
}

/** Where the verdicts of one question are kept, so that a search that was broken off goes on. */
function stateFile(product: string, flags: BisectFlags): string {
  // Versions that are added to the list change nothing about those that were judged.
  const asked = Object.entries(flags).filter(
    ([name]) => !['versions', 'format', 'fresh', 'maxDuration'].includes(name),
  );
  const question = [product, asked.sort()];
  const { command, binary, model } = flags;
  // What these name may be another file by now.
  const files = [...(command ?? '').split(/[\s'"=]+/), binary ?? '', model ?? ''].map(stampOf);
  const name = createHash('sha256')
    .update(JSON.stringify([question, files]))
    .digest('hex')
    .slice(0, 24);
  return join(cacheFolder(), 'bisect', `${name}.json`);
}

function stampOf(word: string): string {
  const there = word === '' ? undefined : statSync(word, { throwIfNoEntry: false });
  return there?.isFile() ? `${resolve(word)} ${there.size} ${there.mtimeMs}` : '';
}

function keptState(file: string): BisectState | undefined {
  try {
    return stateShape.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return undefined;
  }
}

/** @throws UsageError where the list lacks it */
function placeOf(versions: readonly string[], version: string, pre: boolean): string {
  try {
    return versions[indexOfVersion(versions, version)] ?? version;
  } catch (error) {
    if (!(error instanceof LaunchError)) throw error;
    const hint = !pre && isPrerelease(version) ? '; --pre lists pre-releases, too' : '';
    throw new UsageError(`${error.message}${hint}`);
  }
}

interface Line {
  /** Oldest first. */
  readonly versions: readonly string[];
  /** The ends as the list calls them. */
  readonly good: string;
  readonly bad: string;
}

/** The versions to search. @throws UsageError, LaunchError */
async function lineOf(recipe: Recipe, flags: BisectFlags, signal: AbortSignal): Promise<Line> {
  const versions =
    flags.versions === undefined
      ? await listerOf(recipe, flags, signal)()
      : inOrder(recipe, await versionsOf(flags.versions, recipe, flags, signal));
  const placed = (version: string) => placeOf(versions, version, flags.pre ?? false);
  const line = { versions, good: placed(flags.good), bad: placed(flags.bad) };
  if (line.good === line.bad) throw new UsageError(`version ${line.good} cannot be both --good and --bad`);
  return line;
}

/** As they were released; with a command of one's own the order given is the order. */
function inOrder({ versions }: Recipe, given: readonly string[]): readonly string[] {
  return versions === undefined ? given : sortVersions(given, true);
}

/** The check and the cases that are asked about. @throws UsageError, SelectionError */
function askedOf({ check, case: glob }: BisectFlags): Selection {
  if (!checkIds.includes(check))
    throw new UsageError(
      `unknown check ${JSON.stringify(check)}${didYouMean(check, checkIds)} (see lastchunk list checks)`,
    );
  if (glob !== undefined && !allCaseKeys().some(matcher(glob)))
    throw new UsageError(`--case ${JSON.stringify(glob)} matches no case; see lastchunk list cases`);
  return { check: (id) => id === check, case: glob === undefined ? () => true : matcher(glob) };
}

function told({ firstBad, lastGood, tested, skipped, exact, suspects, direction }: BisectResult): string {
  const many = (count: number) => `${count} ${count === 1 ? 'version' : 'versions'}`;
  const left = skipped.length === 0 ? '' : `, ${skipped.length} skipped`;
  const next = direction === 'broke' ? firstBad : lastGood;
  const range = exact
    ? ''
    : `not exact: ${suspects.join(', ')} could not be judged; the change came there or in ${next}\n`;
  const ends =
    direction === 'broke' ? `last good ${lastGood}; first bad:` : `mended; first good ${lastGood}; last bad:`;
  return `${many(tested)} tested${left}\n${range}${ends}\n${firstBad}\n`;
}

/** Finds the version where the check's verdict flips. @returns 0 where it was found */
export async function bisect(product: string, flags: BisectFlags): Promise<number> {
  const selection = askedOf(flags);
  if (flags.format !== 'text' && flags.format !== 'json')
    throw new UsageError(`--format ${JSON.stringify(flags.format)}: write text or json`);
  const { format: _, check: __, case: ___, ...settings } = flags;
  const plan = await planRun(settings);
  const interrupt = interruptible(plan.maxDurationMs);
  const progress = launchProgress(process.stderr);
  // As JSON the answer is all there is on stdout.
  const log = flags.format === 'text' ? process.stdout : process.stderr;
  const say = (text: string) => {
    progress.clear();
    log.write(`${text}\n`);
  };
  try {
    return await launching(product, flags, plan, interrupt.signal, async (set) => {
      const asking = { ...set, run: { ...set.run, selection, strict: true } };
      const probe = async (version: string): Promise<BisectVerdict> => {
        const result = await runTold(asking, version, false, progress);
        interrupt.signal.throwIfAborted();
        const verdict = result.kind === 'unavailable' ? 'unavailable' : verdictOn(result.server);
        const what =
          result.kind === 'unavailable' ? whyNot(result) : toldOf(verdict, result.server, flags.check);
        say(`${version}: ${what}`);
        return verdict;
      };
      const line = await lineOf(set.recipe, flags, interrupt.signal);
      const file = stateFile(product, flags);
      if (flags.fresh) rmSync(file, { force: true });
      const state = keptState(file);
      if (state !== undefined) {
        const known = Object.keys(state.verdicts).join(', ');
        process.stderr.write(
          `lastchunk: an earlier search goes on; known are ${harmless(known, 200)} (--fresh forgets)\n`,
        );
      }
      const onVerdict = (_version: string, _verdict: BisectVerdict, next: BisectState) =>
        writeWhole(file, JSON.stringify(next));
      const found = await search({ ...line, probe, state, verifyEnds: true, onVerdict });
      // The next search may find other servers behind the same names.
      rmSync(file, { force: true });
      const { firstBad, lastGood, tested, skipped } = found;
      if (flags.format === 'text') say(told(found).trimEnd());
      else process.stdout.write(`${JSON.stringify({ firstBad, lastGood, tested, skipped })}\n`);
      return EXIT.ok;
    });
  } catch (error) {
    const early = brokenOff(interrupt.signal);
    if (early !== null) return endedEarly(early);
    if (!(error instanceof EndError)) throw error;
    // Whoever mends what is said of an end begins anew.
    rmSync(stateFile(product, flags), { force: true });
    // What is said is wrong; that an end can't be judged is another matter.
    throw error.found === 'unavailable' ? error : new UsageError(error.message);
  } finally {
    progress.end();
    interrupt.end();
  }
}

/** Its flags, and what it does. */
export function define(command: Command): Action {
  command
    .argument('<product>', 'llama-cpp-python, xllamacpp, vllm …, or any name with --command')
    .requiredOption('--good <version>', 'a version in which it holds')
    .requiredOption('--bad <version>', 'a version in which it fails')
    .requiredOption('--check <id>', 'the check')
    .option('--case <glob>', 'only in these cases')
    .option('--versions <list>', 'the versions to search, oldest first (default: those of the registry)');
  addLaunchOptions(command)
    .option('--fresh', 'forget what an earlier search found out')
    .option('--format <format>', 'text or json', 'text');
  return () => bisect(command.args[0] ?? '', command.opts<BisectFlags>());
}
