/**
 * Every fail is retried once, and so is what a check believes only where it comes twice: which units to send again, and
 * what came of it. Pure.
 */
import type { Check } from '../checks/support/define-check.ts';
import type { Result } from '../model/report.ts';

const ENOUGH_UNITS = 3;

const classOf = (result: Result) => `${result.check} ${result.class ?? ''}`;
const keyOf = (result: Result) => `${result.check} ${result.case}`;

export class Confirmations {
  /** Units that confirmed a class, each by its cases: one that is sent again is no further one. */
  readonly #units = new Map<string, Set<string>>();
  readonly #marks = new Map<string, '2/2' | '1/2'>();
  /** Checks whose findings count only where they come twice. */
  readonly #doubted: ReadonlySet<string>;

  constructor(checks: readonly Check[]) {
    this.#doubted = new Set(checks.flatMap(({ id, believedTwice }) => (believedTwice ? [id] : [])));
  }

  /** Fails of this unit that are worth sending it again for. */
  open(results: readonly Result[], unitCases: ReadonlySet<string>): readonly Result[] {
    return results.filter(
      (result) =>
        this.#isOpen(result) &&
        unitCases.has(result.case) &&
        (this.#units.get(classOf(result))?.size ?? 0) < ENOUGH_UNITS,
    );
  }

  /** @param again the judgement with the unit's second sending in place of its first */
  compare(first: readonly Result[], again: readonly Result[], unitCases: ReadonlySet<string>): void {
    const second = new Map(again.map((result) => [keyOf(result), result]));
    const confirmed = new Set<string>();
    for (const result of first) {
      if (!this.#isOpen(result) || !unitCases.has(result.case)) continue;
      const twin = second.get(keyOf(result));
      if (twin === undefined || twin.verdict === 'error') continue;
      const twice = this.#isFound(twin);
      this.#marks.set(keyOf(result), twice ? '2/2' : '1/2');
      if (twice) confirmed.add(classOf(result));
    }
    const unit = [...unitCases].join();
    for (const word of confirmed) this.#units.set(word, (this.#units.get(word) ?? new Set()).add(unit));
  }

  mark(results: readonly Result[]): readonly Result[] {
    return results.map((result) => {
      if (!this.#isOpen(result)) return result;
      const mark = this.#marks.get(keyOf(result));
      const often = (this.#units.get(classOf(result))?.size ?? 0) >= ENOUGH_UNITS;
      if (this.#doubted.has(result.check) && mark !== '2/2' && (mark === '1/2' || !often))
        return foundOnce(result, mark === '1/2');
      return result.verdict === 'fail' ? { ...result, confirmed: mark ?? '-' } : result;
    });
  }

  /** Not where the check has retried by itself. */
  #isOpen(result: Result): boolean {
    return this.#isFound(result) && result.confirmed !== '2/2';
  }

  #isFound({ verdict, check }: Result): boolean {
    return verdict === 'fail' || (verdict === 'warn' && this.#doubted.has(check));
  }
}

/** What was found once, and may be chance. */
function foundOnce({ check, case: key, api, level, message }: Result, retried: boolean): Result {
  const why = retried ? 'not when it was sent again' : 'it was not sent again';
  return {
    check,
    case: key,
    api,
    level,
    verdict: 'skip',
    expected: '',
    observed: '',
    baselined: false,
    message: `came once, and ${why}: ${message}`,
  };
}
