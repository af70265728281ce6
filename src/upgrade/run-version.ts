/** Installs one version, starts it, checks it, and stops it. */
import { LaunchError } from '../launch/errors.ts';
import { type LaunchedServer, type LaunchOptions, launch } from '../launch/launch.ts';
import type { Recipe } from '../launch/recipes/recipe.ts';
import { describeDeath } from '../launch/server-life.ts';
import type { ServerReport } from '../report/model.ts';
import type { RunOptions } from '../run/options.ts';
import { runServer } from '../run/run-server.ts';

/** What became of one version. */
export type VersionRun =
  | {
      readonly version: string;
      readonly kind: 'checked';
      readonly server: ServerReport;
      readonly logPath: string;
    }
  /** It could not be installed or started; `details` are the last lines of its log. */
  | {
      readonly version: string;
      readonly kind: 'unavailable';
      readonly why: string;
      readonly details: readonly string[];
    };

export interface VersionOptions {
  readonly run: RunOptions;
  readonly launch: LaunchOptions;
  /** Leave the server up. */
  readonly keep: boolean;
}

/** What the server's end and its last lines say, on one line. */
async function lastWords(server: LaunchedServer): Promise<string> {
  const death = server.deaths.at(-1) ?? (await soon(server.exited));
  if (death === null) return 'it still runs and does not answer';
  const last = death.lastLog.slice(-6).join(' / ').slice(-600);
  return `${describeDeath(death)}${last === '' ? '' : `, last log lines: ${last}`}`;
}

/** A process that stopped answering has a moment to be gone. */
function soon<T>(promise: Promise<T>): Promise<T | null> {
  return Promise.race([promise, new Promise<null>((resolve) => setTimeout(resolve, 1000, null).unref())]);
}

/** Never rejects for the version's own trouble; rejects when aborted. */
export async function runVersion(
  recipe: Recipe,
  version: string,
  options: VersionOptions,
): Promise<VersionRun> {
  let server: LaunchedServer;
  try {
    server = await launch(recipe, version, { ...options.launch, keep: options.keep });
  } catch (error) {
    if (!(error instanceof LaunchError)) throw error;
    return { version, kind: 'unavailable', why: error.message, details: error.details };
  }
  try {
    const revive = async () => {
      const how = await lastWords(server);
      const alive = await server.restart().then(
        () => true,
        () => false,
      );
      return { how, alive };
    };
    const key = server.apiKey;
    const report = await runServer(
      {
        name: `${recipe.product} ${version}`,
        url: server.baseUrl,
        model: server.servedModel ?? options.launch.servedModel ?? null,
        headers: key === undefined ? {} : { authorization: `Bearer ${key}` },
        label: null,
        profile: null,
      },
      { ...options.run, revive },
    );
    // The version that was installed is known; what it says of itself may be less.
    const known = {
      ...report,
      product: report.product ?? recipe.product,
      version: report.version ?? version,
    };
    return { version, kind: 'checked', server: known, logPath: server.logPath };
  } finally {
    if (options.keep) server.release();
    else await server.stop();
  }
}
