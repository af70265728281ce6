import { setMaxListeners } from 'node:events';
import { NEWEST_CATALOGUE } from '../checks/catalogue.ts';
import { nameOf, type ServerTarget } from '../config/server-target.ts';
import { exitCodeOf } from '../judge/exit-code.ts';
import { summarise } from '../judge/summary.ts';
import { brokenOff } from '../model/broken-off.ts';
import type { Report, ServerReport } from '../model/report.ts';
import { withUniqueNames } from '../model/server-names.ts';
import { version } from '../text/version.ts';
import { type RunOptions, withDefaults } from './options.ts';
import { repeatServer } from './repeat.ts';
import { runServer } from './run-server.ts';

/** A server that a program names; what it leaves out is found, or is none. */
export type Server = Pick<ServerTarget, 'url'> & Partial<ServerTarget>;

const targetOf = (server: Server): ServerTarget => ({
  name: server.name ?? nameOf(server.url),
  model: null,
  headers: {},
  label: null,
  profile: null,
  ...server,
});

/** How a server is checked, and what is known of it; all of it may be left out. */
export type CheckOptions = Partial<RunOptions & Omit<ServerTarget, 'url'>>;

/**
 * Checks one server.
 * @param url with or without /v1
 * @param options as `checkServers` takes them, for the run and for the server
 * @throws ServerUrlError, ModelChoiceError before anything else is asked of the server
 */
export async function check(url: string, options: CheckOptions = {}): Promise<Report> {
  return checkServers([{ ...options, url }], options);
}

/**
 * Checks servers side by side.
 * @param given all has a default: the standard suite of all APIs, a random seed, 120 s for a request
 * @throws ServerUrlError, ModelChoiceError before anything else is asked of that server
 */
export async function checkServers(
  servers: readonly Server[],
  given: Partial<RunOptions> = {},
): Promise<Report> {
  const options = withDefaults(given);
  const startedAt = new Date();
  const begun = performance.now();
  const reports = await sideBySide(servers.map(targetOf), options);
  return reportOf(reports, options, { startedAt, durationMs: performance.now() - begun });
}

/** One report of several servers, with its exit code. */
export function reportOf(
  servers: readonly ServerReport[],
  options: Pick<RunOptions, 'seed' | 'suite' | 'catalogue' | 'judgedBy' | 'strict' | 'failOn' | 'signal'>,
  when: { readonly startedAt: Date; readonly durationMs: number },
): Report {
  const report = {
    schemaVersion: 1 as const,
    tool: { name: 'lastchunk' as const, version },
    startedAt: when.startedAt.toISOString(),
    durationMs: Math.round(when.durationMs),
    catalogue: options.judgedBy ?? options.catalogue ?? NEWEST_CATALOGUE,
    seed: options.seed,
    suite: options.suite,
    strict: options.strict,
    ...(options.failOn === undefined || options.failOn === 'fail' ? {} : { failOn: options.failOn }),
    // A run whose time ended after the last answer is complete.
    partial:
      brokenOff(options.signal)?.kind === 'interrupted' ||
      servers.some(({ halt }) => halt?.kind === 'out-of-time'),
    servers,
    summary: summarise(servers.flatMap(({ results }) => results)),
    exitCode: 0,
  };
  return { ...report, exitCode: exitCodeOf(report) };
}

/** What a server's own settings compare its counts with takes precedence over what the run says. */
function withReferenceOf({ reference }: ServerTarget, options: RunOptions): RunOptions {
  if (reference === undefined) return options;
  const { reference: _, ...others } = options;
  return reference === null ? others : { ...others, reference };
}

/** All servers at once. Where one can't be run at all, the others are stopped: nobody will read what they answer. */
async function sideBySide(
  targets: readonly ServerTarget[],
  options: RunOptions,
): Promise<readonly ServerReport[]> {
  const others = new AbortController();
  const signal = AbortSignal.any([options.signal, others.signal]);
  // Each request in flight is a listener: Node would warn of a leak where there are many servers.
  setMaxListeners(0, signal);
  const once = (options.repeat ?? 1) <= 1;
  const runs = withUniqueNames(targets).map((target) => {
    const own = { ...withReferenceOf(target, options), signal };
    return once ? runServer(target, own) : repeatServer(target, own, runServer);
  });
  try {
    return await Promise.all(runs);
  } catch (error) {
    others.abort();
    await Promise.allSettled(runs);
    throw error;
  }
}
