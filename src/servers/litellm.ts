/** The LiteLLM proxy. */
import type { Evidence, Product, Recognised } from './product.ts';
import { comparableRelease, hasHeaderWith, headerOf, versionFrom } from './readings.ts';

/** It passes its upstream's headers on under this prefix. */
const UPSTREAM = 'llm_provider-';

async function recognise(evidence: Evidence): Promise<Recognised | null> {
  const version = versionFrom(headerOf(evidence, 'x-litellm-version'));
  if (version !== null) return { version, by: 'x-litellm-version header', certainty: 'certain' };
  // Its refusals carry other headers of this name, without the version.
  if (!hasHeaderWith(evidence, 'x-litellm-')) return null;
  return { version: null, by: 'x-litellm-* headers', certainty: 'certain' };
}

function upstream(evidence: Evidence): Evidence {
  const headers = Object.entries(evidence.headers)
    .filter(([name]) => name.startsWith(UPSTREAM))
    .map(([name, value]) => [name.slice(UPSTREAM.length), value]);
  // The model list is its own; the fingerprint is the upstream's.
  return { ...evidence, headers: Object.fromEntries(headers), models: null, model: null };
}

export const litellm: Product = {
  id: 'litellm',
  title: 'LiteLLM',
  homepage: 'https://github.com/BerriAI/litellm',
  gateway: true,
  recognise,
  upstream,
  comparable: comparableRelease,
  deviations: [],
};
