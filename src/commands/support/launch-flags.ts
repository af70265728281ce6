/** The flags of commands that launch servers. */

import { integer, milliseconds } from '../../config/flags.ts';
import type { PlanFlags } from '../../config/plan.ts';
import { cacheFolder, usableCacheFolder } from '../../launch/cache-folder.ts';
import { LaunchError } from '../../launch/errors.ts';
import { checkModel, type LaunchOptions } from '../../launch/launch.ts';
import type { Recipe, Upstream } from '../../launch/recipe.ts';
import { splitWords } from '../../launch/shell-words.ts';
import { resolveVersions } from '../../launch/version-spec.ts';
import { UsageError } from '../../model/errors.ts';
import { launchableProducts, recipeFor } from '../../products/recipe-for.ts';

export interface LaunchFlags extends PlanFlags {
  readonly versions?: string;
  readonly command?: string;
  readonly binary?: string;
  readonly args?: string;
  readonly servedModel?: string;
  readonly context?: string;
  readonly startTimeout?: string;
  readonly pre?: boolean;
}

/** What a recipe does not accept is an error of the command line. @throws UsageError */
function said<T>(make: () => T): T {
  try {
    return make();
  } catch (error) {
    throw error instanceof LaunchError ? new UsageError(error.message) : error;
  }
}

/** @param upstream the server behind a gateway. @throws UsageError */
export function recipeOf(product: string, flags: LaunchFlags, upstream?: Upstream): Recipe {
  if (flags.command === undefined && !launchableProducts.includes(product)) {
    throw new UsageError(
      `no launch recipe for ${JSON.stringify(product)}: give --command TEMPLATE, or write ${launchableProducts.join(', ')}`,
    );
  }
  if (flags.command !== undefined && flags.binary !== undefined)
    throw new UsageError('--command and --binary: write one or the other');
  if (flags.command !== undefined && flags.context !== undefined)
    throw new UsageError('--command and --context: write the context into the command');
  return said(() => {
    const recipe = recipeFor(product, {
      command: flags.command,
      binary: flags.binary,
      upstream,
      extraArgs: splitWords(flags.args ?? ''),
      contextLength:
        flags.context === undefined ? undefined : integer(flags.context, '--context', 64, 10_000_000),
    });
    checkModel(recipe, flags.model);
    return recipe;
  });
}

/** The versions there are for a recipe, oldest first. @throws UsageError where only the user can know */
export function listerOf(
  recipe: Recipe,
  flags: LaunchFlags,
  signal?: AbortSignal,
): () => Promise<readonly string[]> {
  return () => {
    const list = recipe.versions?.({ cacheFolder: cacheFolder(), prereleases: flags.pre ?? false, signal });
    if (list === undefined)
      throw new UsageError(
        `the versions of ${recipe.product} are not known: name them with --versions 1.0,1.1`,
      );
    return list;
  };
}

/** @throws UsageError, VersionSpecError, LaunchError */
export async function versionsOf(
  spec: string,
  recipe: Recipe,
  flags: LaunchFlags,
  signal?: AbortSignal,
): Promise<string[]> {
  if (recipe.versions !== undefined) return await resolveVersions(spec, listerOf(recipe, flags, signal));
  // With a command or a binary of one's own, versions are words that only it understands.
  const words = spec
    .split(',')
    .map((text) => text.trim())
    .filter((text) => text !== '');
  const range = words.find((word) => /^[<>=~^*]|[\s*|]/.test(word));
  if (range !== undefined)
    throw new UsageError(
      `the versions of ${recipe.product} are not known, so ${JSON.stringify(range)} can't be looked up: name them, as in --versions 1.0,1.1`,
    );
  // They are filled into commands, where a template may have a shell read them, and into file names.
  const odd = words.find((word) => !/^[A-Za-z0-9_][\w.+!:@/-]*$/.test(word));
  if (odd !== undefined)
    throw new UsageError(`${JSON.stringify(odd)} is no version: write letters, digits and . _ + - ! : @ /`);
  return [...new Set(words)];
}

/** What does not differ between the versions. @throws UsageError */
export function launchOptions(flags: LaunchFlags, signal: AbortSignal): LaunchOptions {
  return {
    cacheFolder: usableCacheFolder(),
    model: flags.model,
    servedModel: flags.servedModel,
    startTimeoutMs:
      flags.startTimeout === undefined ? undefined : milliseconds(flags.startTimeout, '--start-timeout'),
    signal,
  };
}
