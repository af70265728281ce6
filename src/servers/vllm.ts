/** vLLM's OpenAI-compatible server. */
import type { Evidence, Product, Recognised } from './product.ts';
import { comparableRelease, fingerprintOf, objectAt, ownerOf, versionFrom } from './readings.ts';

/** "vllm-0.32.0-494e7073"; a Python version has no dash in it. */
const FINGERPRINT = /^vllm-([^-\s]{1,64})(?:-|$)/;

async function recognise(evidence: Evidence): Promise<Recognised | null> {
  const named = FINGERPRINT.exec(fingerprintOf(evidence) ?? '');
  const told = versionFrom(named?.[1]);
  if (told !== null) return { version: told, by: 'system_fingerprint', certainty: 'certain' };
  if (ownerOf(evidence) !== 'vllm') return null;
  const version = versionFrom((await objectAt(evidence, '/version'))?.version);
  const by = version === null ? 'owned_by of the model list' : 'owned_by of the model list and /version';
  return { version, by, certainty: 'likely' };
}

export const vllm: Product = {
  id: 'vllm',
  title: 'vLLM',
  homepage: 'https://github.com/vllm-project/vllm',
  gateway: false,
  recognise,
  comparable: comparableRelease,
  deviations: [],
};
