/** Ollama. */
import type { Evidence, Product, Recognised } from './product.ts';
import { comparableRelease, fingerprintOf, objectAt, okAt, ownerOf, versionFrom } from './readings.ts';

async function recognise(evidence: Evidence): Promise<Recognised | null> {
  const named = fingerprintOf(evidence) === 'fp_ollama';
  if (!named) {
    // "library" is the namespace of its registry, and /api/version is served by several that imitate it.
    if (ownerOf(evidence) !== 'library') return null;
    const greeting = (await okAt(evidence, '/'))?.text;
    if (typeof greeting !== 'string' || !greeting.startsWith('Ollama is running')) return null;
  }
  const sign = named ? 'system_fingerprint' : 'its greeting at /';
  const version = versionFrom((await objectAt(evidence, '/api/version'))?.version);
  return { version, by: version === null ? sign : `${sign} and /api/version`, certainty: 'certain' };
}

export const ollama: Product = {
  id: 'ollama',
  title: 'Ollama',
  homepage: 'https://github.com/ollama/ollama',
  gateway: false,
  recognise,
  comparable: comparableRelease,
  deviations: [],
};
