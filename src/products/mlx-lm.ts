/** `mlx_lm.server`. */
import type { Product, Recognised, ServerEvidence } from './product.ts';
import { comparableRelease, fingerprintOf, headerOf, versionFrom } from './readings.ts';

/** "0.32.2-0.32.4-Linux-…": its version, that of MLX, and the platform. */
const FINGERPRINT = /^(\d+\.\d+\.\d+[^-\s]*)-\d+\.\d+\.\d+[^-\s]*-(?:Linux|macOS|Darwin|Windows)-/;

async function recognise(evidence: ServerEvidence): Promise<Recognised | null> {
  const version = versionFrom(FINGERPRINT.exec(fingerprintOf(evidence) ?? '')?.[1]);
  if (version === null || headerOf(evidence, 'server')?.startsWith('basehttp/') !== true) return null;
  return { version, by: 'system_fingerprint and Server header', certainty: 'likely' };
}

export const mlxLm: Product = {
  id: 'mlx-lm',
  title: 'mlx-lm',
  homepage: 'https://github.com/ml-explore/mlx-lm',
  gateway: false,
  recognise,
  comparable: comparableRelease,
  deviations: [],
};
