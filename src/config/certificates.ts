import { UsageError } from '../model/errors.ts';
import { readBounded } from '../text/read-bounded.ts';

/** A bundle of all public certificate authorities has a quarter of a million. */
const MOST_CERTIFICATE_BYTES = 16_000_000;

/** The PEM text in a file. @throws UsageError */
export function pemIn(path: string): string {
  let bytes: Buffer | null;
  try {
    bytes = readBounded(path, MOST_CERTIFICATE_BYTES);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unreadable';
    throw new UsageError(`--cacert ${path}: ${code === 'ENOENT' ? 'no such file' : code}`);
  }
  const pem = bytes?.toString('utf8') ?? '';
  if (!pem.includes('-----BEGIN CERTIFICATE-----'))
    throw new UsageError(`--cacert ${path}: not a PEM certificate`);
  return pem;
}
