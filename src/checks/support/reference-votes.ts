/** What the two checks against reference counts say. */
import type { Frame } from '../../model/exchange.ts';
import { type Broken, broken, inapplicable, type Skip } from '../../model/finding.ts';
import { type Reference, says } from '../../model/reference.ts';

/** No source that may judge is at hand; an estimate is shown beside the count, and judges nothing. */
export function noReference(rough: Reference | null): Skip {
  const finding = inapplicable('no reference is at hand (see --tokenizer and --reference-server)');
  return rough === null ? finding : { ...finding, reference: `${rough.name}: about ${rough.count}` };
}

export const namesOf = (references: readonly Reference[]): string =>
  [...new Set(references.map(({ name }) => name))].join(', ');

/** A difference in words: every source with what it said. */
export function disagreement(
  reported: number,
  what: 'prompt' | 'completion',
  outcome: { readonly kind: 'fails' | 'warns'; readonly by: readonly Reference[]; readonly why?: string },
  shown: { readonly alike: string | undefined; readonly frames: readonly Frame[] },
): Broken<'fewer' | 'more'> {
  const [first] = outcome.by;
  const expected = first?.count ?? 0;
  const said = [...new Set(outcome.by.map(says))].join(', ');
  const by = reported - expected;
  const alike = shown.alike === undefined ? '' : `; ${shown.alike}`;
  const mildly = outcome.kind === 'warns' ? `; a warning only: ${outcome.why ?? 'it is not exact'}` : '';
  return broken({
    expected: `${expected} ${what} tokens: ${said}`,
    class: by < 0 ? 'fewer' : 'more',
    numbers: { reported, expected },
    detail: `${reported} ${what} tokens (${by < 0 ? '' : '+'}${by}), ${said}`,
    message: `${reported} ${what} tokens, but ${said}${alike}${mildly}`,
    reference: namesOf(outcome.by),
    frames: shown.frames,
    mild: outcome.kind === 'warns',
  });
}
