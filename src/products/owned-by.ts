/** A product that is recognised by the owner of its models alone, as its public sources state it. */
import type { Product } from './product.ts';
import { comparableRelease, ownerOf } from './readings.ts';

/** @param owner `owned_by` in its model list */
export function ownedBy(
  owner: string,
  facts: Pick<Product, 'id' | 'title' | 'homepage' | 'endpoints'>,
): Product {
  return {
    ...facts,
    gateway: false,
    recognise: async (evidence) =>
      ownerOf(evidence) === owner
        ? { version: null, by: 'owned_by of the model list', certainty: 'likely' }
        : null,
    comparable: comparableRelease,
    deviations: [],
  };
}
