import { LATEST_CATALOGUE } from '../checks/catalogue.ts';
import type { Report } from '../report/model.ts';
import { summarise } from '../report/summary.ts';
import { exitCodeOf } from '../verdicts/exit-code.ts';
import { version } from '../version.ts';
import type { RunOptions, ServerTarget } from './options.ts';
import { repeatServer } from './repeat.ts';
import { runServer } from './run-server.ts';

/**
 * Checks servers side by side.
 * @throws ServerUrlError, ModelChoiceError before anything else is asked of that server
 */
export async function checkServers(targets: readonly ServerTarget[], options: RunOptions): Promise<Report> {
  const startedAt = new Date();
  const begun = performance.now();
  const once = (options.repeat ?? 1) <= 1;
  const servers = await Promise.all(
    targets.map((target) => (once ? runServer(target, options) : repeatServer(target, options, runServer))),
  );
  const report = {
    schemaVersion: 1 as const,
    tool: { name: 'lastchunk' as const, version },
    startedAt: startedAt.toISOString(),
    durationMs: Math.round(performance.now() - begun),
    catalogue: LATEST_CATALOGUE,
    seed: options.seed,
    suite: options.suite,
    strict: options.strict,
    partial: options.signal.aborted,
    servers,
    summary: summarise(servers.flatMap(({ results }) => results)),
    exitCode: 0,
  };
  return { ...report, exitCode: exitCodeOf(report) };
}
