/** Installs one version, starts it, checks it, and stops it. */

import type { ServerTarget } from '../config/server-target.ts';
import { LaunchError, SHOWN_LINES, systemErrorCode } from '../launch/errors.ts';
import { type LaunchedServer, type LaunchOptions, launch } from '../launch/launch.ts';
import type { Recipe } from '../launch/recipe.ts';
import { describeDeath } from '../launch/server-life.ts';
import { brokenOff } from '../model/broken-off.ts';
import type { Halt, Launched, LaunchedProduct, ServerReport } from '../model/report.ts';
import { keepAsIs, type Redact, redactedHead } from '../wire/bounded.ts';
import type { RunOptions } from './options.ts';
import { repeatServer } from './repeat.ts';
import { runServer } from './run-server.ts';

/** What became of one version. */
export type VersionRun =
  | {
      readonly version: string;
      readonly kind: 'checked';
      readonly server: ServerReport;
      readonly logPath: string;
      /** Where it was left up: how to reach and to end it. */
      readonly kept: { readonly baseUrl: string; readonly pid: number } | null;
    }
  /** It could not be installed or started; `details` are the last lines of its log. */
  | {
      readonly version: string;
      readonly kind: 'unavailable';
      /** A report without results, for it is a version that was asked about. */
      readonly server: ServerReport;
      readonly why: string;
      readonly details: readonly string[];
      readonly logPath: string | null;
    };

export interface VersionOptions {
  readonly run: RunOptions;
  readonly launch: LaunchOptions;
  /** Sent with each request. */
  readonly headers?: Readonly<Record<string, string>>;
  /** What a gateway is put in front of, where that was launched for it. */
  readonly upstream?: LaunchedProduct | undefined;
  /** Leave the server up. */
  readonly keep: boolean;
  /** Takes keys out of what a server or an installer printed. */
  readonly redact?: Redact;
}

/** Characters of a line of a log. */
const LONGEST_LINE = 500;

/** Keys go out before it is cut. */
const shownLine = (line: string, redact: Redact) => redactedHead(line, LONGEST_LINE, redact);

/** What the server's end and its last lines say, on one line. */
async function lastWords(server: LaunchedServer, redact: Redact): Promise<string> {
  const death = server.deaths.at(-1) ?? (await soon(server.exited));
  if (death === null) return 'it still runs and does not answer';
  const lines = death.lastLog.slice(-6).map((line) => shownLine(line, redact));
  const last = redact(lines.join(' / ')).slice(-600);
  return `${describeDeath(death)}${last === '' ? '' : `, last log lines: ${last}`}`;
}

/** A process that stopped answering has a moment to be gone. */
function soon<T>(promise: Promise<T>): Promise<T | null> {
  return Promise.race([promise, new Promise<null>((resolve) => setTimeout(resolve, 1000, null).unref())]);
}

/** A report of a version that was never measured; `details` are the last lines of its log. */
function unmeasured(
  recipe: Recipe,
  version: string,
  halt: Halt,
  details: readonly string[],
  launched: Launched,
): ServerReport {
  return {
    name: `${recipe.product} ${version}`,
    baseUrl: '',
    product: recipe.product,
    version,
    identifiedBy: null,
    behind: null,
    profile: 'openai',
    model: null,
    context: null,
    halt,
    notes: details.slice(-SHOWN_LINES).map((line) => `log: ${line.slice(0, 200)}`),
    requests: 0,
    durationMs: 0,
    serverMs: 0,
    launched,
    results: [],
  };
}

/** The server started, or why it was not. */
async function started(
  recipe: Recipe,
  version: string,
  { launch: options, keep, run, redact = keepAsIs }: VersionOptions,
  launchedOf: (log: string | null) => Launched,
): Promise<LaunchedServer | Extract<VersionRun, { kind: 'unavailable' }>> {
  const unavailable = (
    why: string,
    halt: Halt['kind'],
    details: readonly string[],
    logPath: string | null,
  ) => ({
    version,
    kind: 'unavailable' as const,
    server: unmeasured(recipe, version, { kind: halt, message: why }, details, launchedOf(logPath)),
    why,
    details,
    logPath,
  });
  const stopped = () => {
    const why = brokenOff(run.signal);
    return why && unavailable(why.message, why.kind, [], null);
  };
  const before = stopped();
  if (before !== null) return before;
  try {
    return await launch(recipe, version, { ...options, keep });
  } catch (error) {
    const meanwhile = stopped();
    if (meanwhile !== null) return meanwhile;
    // A full disk, too, is this version's trouble and no reason to lose what was measured of the others.
    if (error instanceof Error && systemErrorCode(error) !== undefined)
      return unavailable(error.message, 'unreached', [], null);
    if (!(error instanceof LaunchError)) throw error;
    return unavailable(
      redact(error.message),
      'unreached',
      error.details.map((line) => shownLine(line, redact)),
      error.logPath ?? null,
    );
  }
}

/** Never rejects for the version's own trouble; where it is broken off it gives what was measured. */
export async function runVersion(
  recipe: Recipe,
  version: string,
  options: VersionOptions,
): Promise<VersionRun> {
  const { upstream } = options;
  const launchedOf = (log: string | null): Launched => ({
    product: recipe.product,
    version,
    log,
    ...(upstream === undefined ? {} : { upstream }),
  });
  const server = await started(recipe, version, options, launchedOf);
  if ('kind' in server) return server;
  const { run, keep, redact = keepAsIs } = options;
  let alive = true;
  try {
    const revive = async () => {
      const how = await lastWords(server, redact);
      alive = await server.restart().then(
        () => true,
        () => false,
      );
      return { how, alive };
    };
    const key = server.apiKey;
    const target: ServerTarget = {
      name: `${recipe.product} ${version}`,
      url: server.baseUrl,
      model: server.servedModel ?? options.launch.servedModel ?? null,
      headers: {
        ...recipe.headers,
        ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
        ...options.headers,
      },
      label: null,
      launched: { product: recipe.product, version, ...(upstream === undefined ? {} : { behind: upstream }) },
      profile: null,
    };
    const all = { ...run, revive };
    const report =
      (run.repeat ?? 1) > 1 ? await repeatServer(target, all, runServer) : await runServer(target, all);
    // Out of a wheel of another name a server may say no version.
    const known = { ...report, version: report.version ?? version, launched: launchedOf(server.logPath) };
    const kept = keep && alive ? { baseUrl: server.baseUrl, pid: server.pid } : null;
    return { version, kind: 'checked', server: known, logPath: server.logPath, kept };
  } finally {
    if (keep && alive && !run.signal.aborted) server.release();
    else await server.stop();
  }
}
