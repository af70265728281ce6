/** How measured versions of a product came out: docs/observed.json, which is made of records/. */
import { readFileSync } from 'node:fs';
import type { Observed, ObservedFault, ObservedSubject } from '../model/record.ts';
import type { Failing } from './advice.ts';
import { productNamed } from './index.ts';

// src/products and dist/node lie equally deep in the package.
const FILE = new URL('../../docs/observed.json', import.meta.url);

let known: Observed | undefined;

/** Read when it is first asked for. Throws where the package lacks it. */
function observed(): Observed {
  known ??= JSON.parse(readFileSync(FILE, 'utf8')) as Observed;
  return known;
}

/** Whether versions of it were measured under this name: `xllamacpp`, which is llama.cpp in a wheel. */
export function isMeasured(product: string): boolean {
  return observed().subjects.some(({ launched }) => launched === product);
}

export interface Measured {
  readonly subject: ObservedSubject;
  readonly fault: ObservedFault;
}

/**
 * In which measured versions a failing check fails, and in which it holds; empty where none of them was seen to fail so.
 * @param product as identified or labelled
 */
export function measuredFaults(
  product: string | null,
  { check, class: id, api }: Failing,
): readonly Measured[] {
  if (product === null) return [];
  const named = productNamed(product)?.id ?? product;
  return observed()
    .subjects.filter((subject) => subject.product === named || subject.launched === named)
    .flatMap((subject) =>
      subject.faults
        .filter(
          (fault) =>
            fault.check === check &&
            (id === undefined || fault.class === id) &&
            (api === undefined || fault.apis.includes(api)),
        )
        .map((fault) => ({ subject, fault })),
    );
}
