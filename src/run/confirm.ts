/** Every fail is retried once: which units to send again, and what came of it. Pure. */
import type { Result } from '../model/report.ts';

const ENOUGH_UNITS = 3;

/** Not where the check has retried by itself. */
const isOpen = ({ verdict, confirmed }: Result) => verdict === 'fail' && confirmed !== '2/2';
const classOf = (result: Result) => `${result.check} ${result.class ?? ''}`;
const keyOf = (result: Result) => `${result.check} ${result.case}`;

export class Confirmations {
  /** Units that confirmed a class, each by its cases: one that is sent again is no further one. */
  readonly #units = new Map<string, Set<string>>();
  readonly #marks = new Map<string, '2/2' | '1/2'>();

  /** Fails of this unit that are worth sending it again for. */
  open(results: readonly Result[], unitCases: ReadonlySet<string>): readonly Result[] {
    return results.filter(
      (result) =>
        isOpen(result) &&
        unitCases.has(result.case) &&
        (this.#units.get(classOf(result))?.size ?? 0) < ENOUGH_UNITS,
    );
  }

  /** @param again the judgement with the unit's second sending in place of its first */
  compare(first: readonly Result[], again: readonly Result[], unitCases: ReadonlySet<string>): void {
    const second = new Map(again.map((result) => [keyOf(result), result]));
    const confirmed = new Set<string>();
    for (const result of first) {
      if (!isOpen(result) || !unitCases.has(result.case)) continue;
      const twin = second.get(keyOf(result));
      if (twin === undefined || twin.verdict === 'error') continue;
      const twice = twin.verdict === 'fail';
      this.#marks.set(keyOf(result), twice ? '2/2' : '1/2');
      if (twice) confirmed.add(classOf(result));
    }
    const unit = [...unitCases].join();
    for (const word of confirmed) this.#units.set(word, (this.#units.get(word) ?? new Set()).add(unit));
  }

  mark(results: readonly Result[]): readonly Result[] {
    return results.map((result) =>
      isOpen(result) ? { ...result, confirmed: this.#marks.get(keyOf(result)) ?? '-' } : result,
    );
  }
}
