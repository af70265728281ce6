/** Who sent a request, without saying who: the key's HMAC. */
import { createHmac, randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const FILE = 'tenant-secret';
const HEX_DIGITS = 16;

/** Headers that carry a key, and what of their value is none. */
const KEY_HEADERS: ReadonlyArray<readonly [name: string, scheme: RegExp]> = [
  ['authorization', /^bearer\s+/i],
  ['api-key', /^/],
  ['x-api-key', /^/],
];

/**
 * The secret of the folder, made where there is none: with it equal keys get equal names in all files of the folder.
 * @throws where the folder can't be read or written
 */
export function tenantSecret(folder: string, env: Readonly<Record<string, string | undefined>>): string {
  const given = env.LASTCHUNK_TENANT_SECRET;
  if (given !== undefined && given !== '') return given;
  const file = join(folder, FILE);
  try {
    writeFileSync(file, `${randomBytes(32).toString('hex')}\n`, { flag: 'wx', mode: 0o600 });
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  }
  const secret = readFileSync(file, 'utf8').trim();
  if (secret === '') throw new Error(`${file} is empty; delete it, and another one is made`);
  return secret;
}

/** 16 hex digits; null where the request has no key. @param headers by their names in lower case */
export function tenantOf(
  headers: Readonly<Record<string, string | readonly string[] | undefined>>,
  secret: string,
): string | null {
  for (const [name, scheme] of KEY_HEADERS) {
    const value = headers[name];
    const key = typeof value === 'string' ? value.replace(scheme, '').trim() : '';
    if (key !== '') return createHmac('sha256', secret).update(key).digest('hex').slice(0, HEX_DIGITS);
  }
  return null;
}
