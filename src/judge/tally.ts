/** Runs of the same suite folded into one: how often each verdict came. Holds one result per check and case. */

import type { Result, Verdict } from '../model/report.ts';
import { worstFirst } from '../reporters/shared/grid.ts';
import { oftenOf } from '../reporters/shared/summary.ts';

interface Counted {
  /** The first of the worst. */
  worst: Result;
  /** The run it came in, from 1, and that run's seed. */
  run: number;
  seed: number;
  readonly times: Record<Verdict, number>;
  /** A reason of an error that the worst hides. */
  reason: string;
}

export class Tally {
  readonly #counted = new Map<string, Counted>();

  /** Adds the results of one run. */
  add(results: readonly Result[], run: number, seed: number): void {
    for (const result of results) {
      const key = `${result.check} ${result.case}`;
      const known = this.#counted.get(key);
      if (known === undefined) {
        const times = { pass: 0, fail: 0, warn: 0, skip: 0, error: 0, [result.verdict]: 1 };
        const reason = result.verdict === 'error' ? result.message : '';
        this.#counted.set(key, { worst: result, run, seed, times, reason });
        continue;
      }
      known.times[result.verdict] += 1;
      if (result.verdict === 'error' && known.reason === '') known.reason = result.message;
      if (worstFirst.indexOf(result.verdict) < worstFirst.indexOf(known.worst.verdict))
        Object.assign(known, { worst: result, run, seed });
    }
  }

  /** One result per check and case, the worst, which says how often it came. */
  results(): readonly Result[] {
    return [...this.#counted.values()].map(({ worst, run, seed, times, reason }) => {
      const often = oftenOf(worst.verdict, times);
      if (worst.verdict === 'fail' || worst.verdict === 'warn') {
        const first = run > 1 ? `, first in run ${run} (seed ${seed})` : '';
        const observed = `${worst.observed} (${often}${first})`;
        return {
          ...worst,
          observed,
          message: worst.message === worst.observed ? observed : worst.message,
          times,
        };
      }
      const others = times.error > 0 && worst.verdict !== 'error' ? oftenOf('error', times) : '';
      const message = [worst.message, others && `${others}: ${reason}`].filter(Boolean).join('; ');
      return { ...worst, message, times };
    });
  }
}
