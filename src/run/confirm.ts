/** Every fail is asked again once: which units to send again, and what came of it. Pure. Source: the catalogue, section 3. */
import type { Result } from '../report/model.ts';

/** Confirmed by their own second try. */
const CONFIRM_THEMSELVES = new Set(['server-survives', 'recovers-after-abort', 'recovers-after-overlong']);
const ENOUGH_UNITS = 3;

const classOf = (result: Result) => `${result.check} ${result.observed.split(/[\s:]/, 1)[0]}`;
const keyOf = (result: Result) => `${result.check} ${result.case}`;

export class Confirmations {
  readonly #units = new Map<string, number>();
  readonly #marks = new Map<string, '2/2' | '1/2'>();

  /** Fails of this unit that are worth sending it again for. */
  open(results: readonly Result[], unitCases: ReadonlySet<string>): readonly Result[] {
    return results.filter(
      (result) =>
        result.verdict === 'fail' &&
        unitCases.has(result.case) &&
        !CONFIRM_THEMSELVES.has(result.check) &&
        (this.#units.get(classOf(result)) ?? 0) < ENOUGH_UNITS,
    );
  }

  /** @param again the judgement with the unit's second sending in place of its first */
  settle(first: readonly Result[], again: readonly Result[], unitCases: ReadonlySet<string>): void {
    const second = new Map(again.map((result) => [keyOf(result), result]));
    const confirmed = new Set<string>();
    for (const result of first) {
      if (result.verdict !== 'fail' || !unitCases.has(result.case) || CONFIRM_THEMSELVES.has(result.check))
        continue;
      const twin = second.get(keyOf(result));
      if (twin === undefined || twin.verdict === 'error') continue;
      const twice = twin.verdict === 'fail';
      this.#marks.set(keyOf(result), twice ? '2/2' : '1/2');
      if (twice) confirmed.add(classOf(result));
    }
    for (const word of confirmed) this.#units.set(word, (this.#units.get(word) ?? 0) + 1);
  }

  mark(results: readonly Result[]): readonly Result[] {
    return results.map((result) => {
      if (result.verdict !== 'fail') return result;
      const own = CONFIRM_THEMSELVES.has(result.check) ? ('2/2' as const) : undefined;
      return { ...result, confirmed: own ?? this.#marks.get(keyOf(result)) ?? '-' };
    });
  }
}
