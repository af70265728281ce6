/** Folds repeated runs of a suite into one. Memory holds one result per check and case, however many runs there are. */

import type { Result, Verdict } from '../model/report.ts';
import { oftenOf, worstFirst } from './summary.ts';

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
      if (others === '') return { ...worst, times };
      const { cause: _, ...shown } = worst;
      const message = [worst.message, `${others}: ${reason}`].filter(Boolean).join('; ');
      return { ...shown, message, times };
    });
  }
}
