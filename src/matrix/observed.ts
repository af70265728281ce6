/** What of a matrix goes with the program, so that it can say how other versions came out. Pure. */
import type { Observed } from '../model/record.ts';
import { productNamed } from '../products/index.ts';
import type { Matrix } from './matrix.ts';

export function observedIn({ products }: Matrix): Observed {
  return {
    subjects: products
      .filter(({ versions }) => versions.length > 0)
      .map(({ product, upstream, versions, faults }) => ({
        product: productNamed(versions.at(-1)?.identified.product ?? null)?.id ?? product,
        launched: product,
        ...(upstream === null ? {} : { upstream }),
        versions: versions.map(({ version }) => version),
        faults: faults.map(({ check, class: id, places, fails, holds }) => ({
          check,
          class: id,
          apis: [...new Set(places.map(({ api }) => api))],
          fails,
          holds,
        })),
      })),
  };
}
