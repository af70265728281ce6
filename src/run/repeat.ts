/** Runs the suite against a server many times, and keeps what one report holds. */

import type { ServerTarget } from '../config/server-target.ts';
import { Tally } from '../judge/tally.ts';
import type { Halt, ServerReport } from '../model/report.ts';
import type { RunOptions } from './options.ts';

const MOST_NOTES = 50;

/** A server that cannot be reached, or refuses the key, is not run again. */
const FINAL: ReadonlySet<Halt['kind']> = new Set(['unreached', 'unauthorized']);

/**
 * Each run has a seed of its own, counted up from the first: a prompt that has to be new is new in each.
 * @param runOnce one run of the suite
 * @returns the runs as one: for each check and case the worst verdict, and how often each came
 */
export async function repeatServer(
  target: ServerTarget,
  options: RunOptions,
  runOnce: (target: ServerTarget, options: RunOptions) => Promise<ServerReport>,
): Promise<ServerReport> {
  const of = options.repeat ?? 1;
  const tally = new Tally();
  const notes = new Set<string>();
  let sum = null as ServerReport | null;
  for (let run = 1; run <= of; run += 1) {
    const seed = (options.seed + run - 1) % 0x80000000;
    const once: ServerReport = await runOnce(target, {
      ...options,
      seed,
      soFar: run === 1 ? options.soFar : undefined,
      progress: (event) => options.progress({ ...event, doing: `run ${run}/${of} ${event.doing}` }),
    });
    const isBrokenOff = options.signal.aborted;
    // A run that was broken off says little; the first is all there is.
    const counts = !isBrokenOff || sum === null;
    if (counts) tally.add(once.results, run, seed);
    for (const note of once.notes) if (notes.size < MOST_NOTES) notes.add(note);
    if (sum !== null && sum.version !== once.version && once.halt === null)
      notes.add(
        `version ${sum.version ?? 'unknown'} until run ${run - 1}, ${once.version ?? 'unknown'} from then on`,
      );
    const halt: Halt | null = once.halt && {
      ...once.halt,
      message: `${once.halt.message} (run ${run} of ${of})`,
    };
    sum = {
      ...(sum === null || once.product !== null ? once : sum),
      halt: sum?.halt ?? halt,
      runs: counts ? run : run - 1,
      requests: (sum?.requests ?? 0) + once.requests,
      durationMs: (sum?.durationMs ?? 0) + once.durationMs,
      serverMs: (sum?.serverMs ?? 0) + once.serverMs,
      results: [],
      silentReferences: silentInAll(sum, once),
    };
    if (isBrokenOff || (once.halt !== null && FINAL.has(once.halt.kind))) break;
  }
  if (sum === null) throw new Error('a suite is run at least once');
  return { ...sum, notes: [...notes], results: tally.results() };
}

/** A reference that gave a count in one run is not silent. */
function silentInAll(before: ServerReport | null, { silentReferences: now = [] }: ServerReport) {
  if (before === null) return now;
  return now.filter(({ source }) => before.silentReferences?.some((one) => one.source === source));
}
