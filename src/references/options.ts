import { type SourceId, sourceIds } from '../model/reference.ts';
import type { CountedProduct, TokenizerEndpoints } from '../products/product.ts';
import type { Tokenizer } from '../tokenizer/index.ts';

/** Which references a run gathers. */
export interface ReferenceOptions {
  /** null: whatever is at hand, gateways left alone. */
  readonly sources: readonly SourceId[] | null;
  /** `--tokenizer`, loaded. */
  readonly tokenizer: Tokenizer | null;
  /** `--reference-server`. */
  readonly serverUrl: string | null;
}

/** `--reference auto|none|SOURCE,…`; null for none. @throws Error naming what is not known */
export function parseSources(text: string): { readonly sources: ReferenceOptions['sources'] } | null {
  const names = text
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
  if (names.length === 1 && names[0] === 'none') return null;
  if (names.length === 1 && names[0] === 'auto') return { sources: null };
  const sources = names.map((name) => {
    const known = sourceIds.find((id) => id === name);
    if (known === undefined) throw new Error(`${JSON.stringify(name)} is no source of reference counts`);
    return known;
  });
  if (sources.length === 0) throw new Error('no source is named');
  return { sources };
}

/** The endpoints that a run may ask: those of a gateway only where sources were named. */
export function endpointsOf(
  product: CountedProduct | null,
  sources: ReferenceOptions['sources'],
): TokenizerEndpoints | null {
  return product === null || (product.gateway && sources === null) ? null : (product.endpoints ?? null);
}
