/** The flags that `upgrade` and `bisect` share: what is launched, and how it is checked. */
import { apis } from '../apis/index.ts';
import { cacheFolder } from '../launch/cache-folder.ts';
import { LaunchError } from '../launch/errors.ts';
import type { LaunchOptions } from '../launch/launch.ts';
import { launchableProducts, recipeFor } from '../launch/recipes/catalogue.ts';
import type { Recipe } from '../launch/recipes/recipe.ts';
import { resolveVersions } from '../launch/version-spec.ts';
import { integer, milliseconds, suiteOf } from './check-flags.ts';
import { UsageError } from './exit.ts';

export interface LaunchFlags {
  readonly versions?: string;
  readonly model?: string;
  readonly command?: string;
  readonly binary?: string;
  readonly servedModel?: string;
  readonly context?: string;
  readonly suite: string;
  readonly seed?: string;
  readonly timeout: string;
  readonly startTimeout: string;
  readonly pre?: boolean;
}

/** @throws UsageError */
export function recipeOf(product: string, flags: LaunchFlags): Recipe {
  if (flags.command === undefined && !launchableProducts.includes(product)) {
    throw new UsageError(
      `no launch recipe for ${JSON.stringify(product)}: give --command TEMPLATE, or write ${launchableProducts.join(', ')}`,
    );
  }
  try {
    return recipeFor(product, {
      command: flags.command,
      binary: flags.binary,
      contextLength:
        flags.context === undefined ? undefined : integer(flags.context, '--context', 64, 10_000_000),
    });
  } catch (error) {
    throw error instanceof LaunchError ? new UsageError(error.message) : error;
  }
}

/** The versions there are for a recipe, oldest first. @throws UsageError where only the user can know */
export function listerOf(
  recipe: Recipe,
  flags: LaunchFlags,
  signal: AbortSignal,
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

/** @throws UsageError, LaunchError */
export function versionsOf(
  spec: string,
  recipe: Recipe,
  flags: LaunchFlags,
  signal: AbortSignal,
): Promise<string[]> {
  // With a command of one's own, versions are words that only it understands.
  if (recipe.versions === undefined) {
    return Promise.resolve([
      ...new Set(
        spec
          .split(',')
          .map((text) => text.trim())
          .filter((text) => text !== ''),
      ),
    ]);
  }
  return resolveVersions(spec, listerOf(recipe, flags, signal));
}

/** What does not differ between the versions. @throws UsageError */
export function sharedSettings(flags: LaunchFlags, signal: AbortSignal, onProgress: (line: string) => void) {
  const launch: LaunchOptions = {
    cacheFolder: cacheFolder(),
    model: flags.model,
    servedModel: flags.servedModel,
    startTimeoutMs: milliseconds(flags.startTimeout, '--start-timeout'),
    onProgress,
    signal,
  };
  return {
    launch,
    run: {
      apis: [...apis.keys()],
      suite: suiteOf(flags.suite),
      seed:
        flags.seed === undefined
          ? Math.floor(Math.random() * 0x7fffffff)
          : integer(flags.seed, '--seed', 0, 0x7fffffff),
      confirm: true,
      timeoutMs: milliseconds(flags.timeout, '--timeout'),
      waitMs: 0,
      concurrency: 1,
      body: {},
      caPem: null,
      signal,
    },
  };
}
