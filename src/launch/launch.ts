import { existsSync } from 'node:fs';
import path from 'node:path';
import { LaunchError } from './errors.ts';
import { type RunningServer, type ServerPlace, startServer } from './process.ts';
import { type LaunchTarget, type Prepared, type Recipe, type RecipeContext, requireModel } from './recipe.ts';

export interface LaunchOptions extends RecipeContext {
  /** Path of a model file or folder. */
  readonly model?: string | undefined;
  /** The name requests are to use. */
  readonly servedModel?: string | undefined;
  /** The server will be let go with `release()`: it must not watch this process. */
  readonly keep?: boolean;
  readonly logFolder?: string;
  /** ms; default: the recipe's. */
  readonly startTimeoutMs?: number | undefined;
  readonly stopGraceMs?: number;
  /** Called once the version is installed, before its server is started. */
  readonly onStart?: (() => void) | undefined;
}

export interface LaunchedServer extends RunningServer {
  readonly product: string;
  readonly version: string;
  /** The name requests have to use; undefined where the server lists exactly one model. */
  readonly servedModel: string | undefined;
  /** To be sent as a bearer token, and never to be printed. */
  readonly apiKey: string | undefined;
}

/**
 * Refuses early what a launch could only find out after minutes of compiling.
 *
 * @returns the absolute path of the model, if one is used.
 * @throws LaunchError when the recipe needs a model and there is none.
 */
export function checkModel(recipe: Recipe, model: string | undefined): string | undefined {
  const given = recipe.needsModel ? requireModel(recipe.product, model) : model;
  if (given === undefined) return undefined;
  const absolute = path.resolve(given);
  if (existsSync(absolute)) return absolute;
  if (recipe.takesModelNames && /^\w[\w.-]*\/[\w.-]+$/.test(given)) return given;
  throw new LaunchError(
    `there is no model file or folder ${given} (--served-model NAME is the name that requests use)`,
  );
}

/**
 * Starts a prepared version and waits until it is ready.
 *
 * @throws LaunchError when it cannot be started or does not become ready; the signal's reason when aborted.
 */
async function launchPrepared(
  recipe: Recipe,
  prepared: Prepared,
  options: LaunchOptions,
): Promise<LaunchedServer> {
  const model = checkModel(recipe, options.model);
  const { servedModel } = options;
  const targetAt = (place: ServerPlace): LaunchTarget => ({
    ...place,
    model,
    servedModel,
    keep: options.keep ?? false,
  });
  const { afterReady } = recipe;
  const startTimeoutMs = options.startTimeoutMs ?? recipe.startTimeoutMs;
  options.onStart?.();
  const server = await startServer({
    name: `${recipe.product} ${prepared.version}`,
    command: (place) => recipe.command(prepared, targetAt(place)),
    cacheFolder: options.cacheFolder,
    readyPath: recipe.readyPath,
    listensOutside: recipe.listensOutside ?? false,
    signal: options.signal,
    ...(afterReady
      ? { afterReady: (place) => afterReady.call(recipe, prepared, targetAt(place), options) }
      : {}),
    ...(options.logFolder === undefined ? {} : { logFolder: options.logFolder }),
    ...(startTimeoutMs === undefined ? {} : { startTimeoutMs }),
    ...(options.stopGraceMs === undefined ? {} : { stopGraceMs: options.stopGraceMs }),
  });
  // Added to the server itself: a copy would keep the values its getters have before a restart.
  return Object.assign(server, {
    product: recipe.product,
    version: prepared.version,
    servedModel: recipe.servedModel?.({ servedModel, model }) ?? servedModel,
    apiKey: recipe.apiKey,
  });
}

/** Installs a version if it has to, starts it, and waits until it is ready. See {@link launchPrepared}. */
export async function launch(
  recipe: Recipe,
  version: string,
  options: LaunchOptions,
): Promise<LaunchedServer> {
  checkModel(recipe, options.model);
  return await launchPrepared(recipe, await recipe.prepare(version, options), options);
}
