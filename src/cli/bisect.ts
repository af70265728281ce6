import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { checkIds } from '../checks/catalogue.ts';
import { type BisectState, bisect as search, type Verdict } from '../launch/bisect.ts';
import { cacheFolder } from '../launch/cache-folder.ts';
import { LaunchError } from '../launch/errors.ts';
import type { Recipe } from '../launch/recipes/recipe.ts';
import { indexOfVersion } from '../launch/version-spec.ts';
import { selectionOf } from '../plan/selection.ts';
import { harmless } from '../report/harmless.ts';
import type { ServerReport } from '../report/model.ts';
import { runVersion } from '../upgrade/run-version.ts';
import { EXIT } from '../verdicts/exit-code.ts';
import { UsageError } from './exit.ts';
import { type LaunchFlags, listerOf, recipeOf, sharedSettings, versionsOf } from './launch-flags.ts';
import { progressOn } from './progress.ts';

export interface BisectFlags extends LaunchFlags {
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

/** Bad where the check fails in a case asked about, good where it was judged and does not. */
function verdictOn({ results }: ServerReport): Verdict {
  if (results.some(({ verdict }) => verdict === 'fail')) return 'bad';
  return results.some(({ verdict }) => verdict === 'pass' || verdict === 'warn') ? 'good' : 'unavailable';
}

/** Where the verdicts of one question are kept, so that a search that was broken off goes on. */
function stateFile(product: string, flags: BisectFlags): string {
  const question = [
    product,
    flags.good,
    flags.bad,
    flags.check,
    flags.case,
    flags.command,
    flags.model,
    flags.suite,
  ];
  const name = createHash('sha256').update(JSON.stringify(question)).digest('hex').slice(0, 24);
  return join(cacheFolder(), 'bisect', `${name}.json`);
}

function keptState(file: string): BisectState | undefined {
  try {
    return stateShape.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return undefined;
  }
}

function keep(file: string, state: BisectState): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(`${file}.part`, JSON.stringify(state));
  renameSync(`${file}.part`, file);
}

/** @throws UsageError where the list lacks it */
function placeOf(versions: readonly string[], version: string): string {
  try {
    return versions[indexOfVersion(versions, version)] ?? version;
  } catch (error) {
    throw error instanceof LaunchError ? new UsageError(error.message) : error;
  }
}

/** All versions between the ends, oldest first. @throws UsageError, LaunchError */
async function lineOf(recipe: Recipe, flags: BisectFlags, signal: AbortSignal): Promise<readonly string[]> {
  const versions =
    flags.versions === undefined
      ? await listerOf(recipe, flags, signal)()
      : await versionsOf(flags.versions, recipe, flags, signal);
  for (const version of [flags.good, flags.bad]) placeOf(versions, version);
  return versions;
}

/** Finds the first version where the check's verdict flips. @returns 0 where it was found */
export async function bisect(product: string, flags: BisectFlags): Promise<number> {
  if (!checkIds.includes(flags.check))
    throw new UsageError(`unknown check ${JSON.stringify(flags.check)}; see lastchunk list checks`);
  if (flags.format !== 'text' && flags.format !== 'json')
    throw new UsageError(`--format ${JSON.stringify(flags.format)}: write text or json`);
  const recipe = recipeOf(product, flags);
  const selection = selectionOf([flags.check, ...(flags.case === undefined ? [] : [flags.case])], []);
  const interrupt = new AbortController();
  const onInterrupt = () => interrupt.abort();
  process.once('SIGINT', onInterrupt).once('SIGTERM', onInterrupt);
  const progress = progressOn(process.stderr);
  const say = (text: string) => {
    progress.clear();
    if (flags.format === 'text') process.stdout.write(text);
  };
  try {
    const versions = await lineOf(recipe, flags, interrupt.signal);
    const file = stateFile(product, flags);
    if (flags.fresh) rmSync(file, { force: true });
    const state = keptState(file);
    const probe = async (version: string): Promise<Verdict> => {
      const doing = (line: string) =>
        progress.show({ server: `${product} ${version}`, done: 0, of: 1, doing: line });
      const { launch, run } = sharedSettings(flags, interrupt.signal, doing);
      const result = await runVersion(recipe, version, {
        launch,
        run: { ...run, selection, strict: false, progress: progress.show },
        keep: false,
      });
      if (interrupt.signal.aborted) throw new Error('interrupted');
      if (result.kind === 'unavailable') {
        say(`${version}: skipped, ${harmless(result.why, 200)}\n`);
        return 'unavailable';
      }
      const verdict = verdictOn(result.server);
      const why = result.server.results.find((one) => one.verdict === 'fail');
      const words = {
        good: 'good',
        bad: `bad, ${harmless(why?.observed ?? '', 120)}`,
        unavailable: `skipped, ${flags.check} could not be judged`,
      };
      say(`${version}: ${words[verdict]}\n`);
      return verdict;
    };
    const found = await search({
      versions,
      good: placeOf(versions, flags.good),
      bad: placeOf(versions, flags.bad),
      probe,
      state,
      verifyEnds: true,
      onVerdict: (_version, _verdict, next) => keep(file, next),
    });
    const { firstBad, lastGood, tested, skipped, exact, suspects, direction } = found;
    if (flags.format === 'json') {
      process.stdout.write(
        `${JSON.stringify({ firstBad, lastGood, tested, skipped, exact, suspects, direction })}\n`,
      );
    } else {
      const how = exact
        ? ''
        : `not exact: ${suspects.join(', ')} could not be judged, so the change came in one of these or in ${firstBad}\n`;
      const word = direction === 'broke' ? 'first bad' : 'mended after';
      say(
        `${tested} versions tested, ${skipped.length} skipped; last good ${lastGood}\n${how}${word}:\n${firstBad}\n`,
      );
    }
    return EXIT.ok;
  } catch (error) {
    if (interrupt.signal.aborted) return EXIT.interrupted;
    throw error;
  } finally {
    progress.clear();
    process.off('SIGINT', onInterrupt).off('SIGTERM', onInterrupt);
  }
}
