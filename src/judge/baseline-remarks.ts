/** Entries of the baseline in words. */

import type { BaselineUse, ExpectedFailure } from '../model/report.ts';
import { plural } from '../text/plural.ts';

/** An entry in few words: `usage-present in chat/stream/asked/* of llama-cpp-python >=0.2.84 <0.4.0`. */
export function entryTitle({ product, versions, check, case: glob }: ExpectedFailure): string {
  return `${check} in ${glob} of ${[product, versions].filter(Boolean).join(' ')}`;
}

/** Why an entry fails the run; nothing where it does not. */
export function remarkOn(use: BaselineUse): readonly string[] {
  if (use.state === 'stale') {
    const judged =
      use.judged === 1
        ? 'the one case was judged and did not fail'
        : `${use.judged} cases were judged and none failed`;
    return [
      `stale in the baseline: ${entryTitle(use)}: ${judged}; take it out, or run with --update-baseline`,
    ];
  }
  if (use.state === 'expired') {
    const fails = use.failed === 0 ? 'nothing fails any more' : `${plural(use.failed, 'fail')} came`;
    return [
      `expired in the baseline on ${use.expires}: ${entryTitle(use)}: ${fails}; take it out or give it a new date`,
    ];
  }
  return [];
}
