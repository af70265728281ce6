/** The Portkey AI gateway. */
import type { Product, Recognised, ServerEvidence } from './product.ts';
import { comparableRelease, hasHeaderWith } from './readings.ts';

const OWN = 'x-portkey-';

async function recognise(evidence: ServerEvidence): Promise<Recognised | null> {
  // It says its version nowhere.
  return hasHeaderWith(evidence, OWN)
    ? { version: null, by: 'x-portkey-* headers', certainty: 'certain' }
    : null;
}

/** Answers, model list and headers pass through as they are. */
function upstream(evidence: ServerEvidence): ServerEvidence {
  const headers = Object.entries(evidence.headers).filter(([name]) => !name.startsWith(OWN));
  return { ...evidence, headers: Object.fromEntries(headers) };
}

export const portkey: Product = {
  id: 'portkey',
  title: 'Portkey',
  homepage: 'https://github.com/Portkey-AI/gateway',
  gateway: true,
  recognise,
  upstream,
  comparable: comparableRelease,
  deviations: [],
};
