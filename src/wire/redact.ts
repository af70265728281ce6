import { keepAsIs, type Redact } from './bounded.ts';

const MARK = 'REDACTED';
/** Shorter ones are no secrets, and taking them out would maim every text. */
const MIN_SECRET = 4;
const SECRET_HEADER =
  /^(?:authorization|proxy-authorization|x-api-key|api-key|cookie|set-cookie)$|key|token|secret|auth|password/i;
const SECRET_FIELD = /(?:^|[_-])(?:key|token|secret|password|passwd|authorization|credentials?)$|apikey/i;
const SECRET_PARAMETER = /^(?:code|sig|signature|pwd)$|key|token|secret|auth|passw/i;

/** True for a header whose value must not be shown. */
export function isSecretHeader(name: string): boolean {
  return SECRET_HEADER.test(name);
}

/** True for a query parameter whose value must not be shown. */
export function isSecretParameter(name: string): boolean {
  return SECRET_PARAMETER.test(name);
}

/** The secrets in request headers: whole values, and what follows a scheme (`Bearer …`). */
export function secretsOfHeaders(headers: Readonly<Record<string, string>>): readonly string[] {
  return Object.entries(headers).flatMap(([name, value]) => {
    if (!isSecretHeader(name)) return [];
    const credential = /^\S+\s+(\S.*)$/.exec(value)?.[1];
    return credential === undefined ? [value] : [value, credential, ...basicPassword(value)];
  });
}

/** The secrets among the user's own fields of the body: texts whose names say key, secret or password. */
export function secretsOfBody(value: unknown, name = ''): readonly string[] {
  if (typeof value === 'string') return SECRET_FIELD.test(name) ? [value] : [];
  if (Array.isArray(value)) return value.flatMap((item) => secretsOfBody(item, name));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, item]) => secretsOfBody(item, key));
}

/**
 * A copy of a plain value with each text in it redacted; names of fields and all else stay what they are. A field that is
 * nested deeper than the stack becomes null: nothing can be shown of it.
 */
export function redacted<T>(value: T, redact: Redact): T {
  if (redact === keepAsIs) return value;
  const safely = (part: unknown): unknown => {
    try {
      return redactDeep(part, redact);
    } catch {
      return null;
    }
  };
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return safely(value) as T;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, safely(item)])) as T;
}

function redactDeep(value: unknown, redact: Redact): unknown {
  if (typeof value === 'string') return redact(value);
  if (Array.isArray(value)) return value.map((item) => redactDeep(item, redact));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, redactDeep(item, redact)]));
}

/** The values of environment variables whose names say key, token, secret or password: programs print such things. */
export function secretsOfEnvironment(env: Readonly<Record<string, string | undefined>>): readonly string[] {
  return Object.entries(env).flatMap(([name, value = '']) =>
    SECRET_FIELD.test(name) && value.length >= 8 ? [value] : [],
  );
}

/** The secrets in a URL: credentials, and the values of parameters that name a key. */
export function secretsOfUrl(text: string): readonly string[] {
  if (!URL.canParse(text)) return [];
  const url = new URL(text);
  const values = [...url.searchParams].filter(([name]) => isSecretParameter(name)).map(([, value]) => value);
  return [...values, url.password].filter((value) => value !== '');
}

/**
 * A function that takes every literal occurrence of the secrets out of a text, as they are, escaped in JSON, and
 * percent-encoded: a server that echoes a key cannot get it into a report.
 */
export function redactor(secrets: Iterable<string>): Redact {
  const forms = new Set<string>();
  for (const secret of secrets) {
    if (secret.length < MIN_SECRET) continue;
    forms.add(secret);
    const escaped = JSON.stringify(secret).slice(1, -1);
    forms.add(escaped);
    // As PHP and Go write them.
    forms.add(escaped.replaceAll('/', '\\/'));
    forms.add(escaped.replace(/[<>&]/g, (sign) => `\\u00${sign.charCodeAt(0).toString(16)}`));
    forms.add(percentEncoded(secret));
  }
  // The longest first: "Bearer abcd" before "abcd".
  const sorted = [...forms].sort((a, b) => b.length - a.length);
  if (sorted.length === 0) return keepAsIs;
  return (text) => {
    let safe = text;
    for (const form of sorted) if (safe.includes(form)) safe = safe.replaceAll(form, MARK);
    return safe;
  };
}

/** A URL that may be shown: no `user:password@`, no values of parameters that name a key. */
export function redactUrl(text: string): string {
  if (!URL.canParse(text)) return text.replace(/\/\/[^/?#@]*@/, '//');
  const url = new URL(text);
  if (url.username !== '' || url.password !== '') {
    url.username = '';
    url.password = '';
  }
  for (const name of new Set(url.searchParams.keys())) {
    if (isSecretParameter(name)) url.searchParams.set(name, MARK);
  }
  return url.href;
}

function basicPassword(value: string): readonly string[] {
  const encoded = /^Basic\s+(\S+)$/i.exec(value)?.[1];
  if (encoded === undefined) return [];
  const pair = Buffer.from(encoded, 'base64').toString('utf8');
  const password = pair.slice(pair.indexOf(':') + 1);
  return password === '' ? [] : [password];
}

function percentEncoded(text: string): string {
  try {
    return encodeURIComponent(text);
  } catch {
    return text;
  }
}
