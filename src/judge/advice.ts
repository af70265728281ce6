/** What is known of a server's failures, and what helps: the advice of its product that this very run bears out. Pure. */

import { parseCase } from '../model/case-id.ts';
import type { Result, ServerReport } from '../model/report.ts';
import { adviceFor } from '../products/advice.ts';
import type { Action, Advice } from '../products/product.ts';
import { type ConcernOf, nonStreamingHolds } from './headline.ts';

type GivenAction = Action & { readonly heldInThisRun?: true };

/** Advice on a failing check of one server. */
export interface ServerAdvice extends Pick<Advice, 'fact' | 'since' | 'mended'> {
  readonly check: string;
  /** The best first. To ask without streaming is among them only where that was seen to hold, and says so. */
  readonly actions: readonly GivenAction[];
}

/** The advice on results that fail, each entry once, in the order of the results. */
export function adviceOn(
  server: ServerReport,
  failing: readonly Result[],
  concernOf: ConcernOf,
): readonly ServerAdvice[] {
  const found = new Map<Advice, Result[]>();
  for (const result of failing) {
    const { mode, scenario } = parseCase(result.case);
    const about = { check: result.check, class: result.class, api: result.api, mode, scenario };
    for (const advice of adviceFor(server, about)) {
      const results = found.get(advice);
      if (results === undefined) found.set(advice, [result]);
      else results.push(result);
    }
  }
  return [...found].flatMap(([{ fact, since, mended, actions }, results]) => {
    const [first] = results;
    if (first === undefined) return [];
    const apis = [...new Set(results.map(({ api }) => api))];
    const holds = apis.every((api) => nonStreamingHolds(server.results, api, concernOf));
    const fitting = actions.flatMap((action): readonly GivenAction[] => {
      if (action.kind !== 'no-stream') return [action];
      return holds ? [{ ...action, heldInThisRun: true }] : [];
    });
    return [{ check: first.check, fact, ...(since ? { since } : {}), mended, actions: fitting }];
  });
}

/** The same for all that fails on a server and is not accepted. */
export function adviceOfServer(server: ServerReport, concernOf: ConcernOf): readonly ServerAdvice[] {
  const failing = server.results.filter(({ verdict }) => verdict === 'fail');
  const checks = [...new Set(failing.map(({ check }) => check))];
  return checks.flatMap((check) =>
    adviceOn(
      server,
      failing.filter((result) => result.check === check),
      concernOf,
    ),
  );
}
