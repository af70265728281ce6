import { keepAsIs, type Redact } from './bounded.ts';
import { patternOf } from './secret-forms.ts';
import { shownUrl } from './url.ts';
import { withoutSecrets } from './without-secrets.ts';

const MARK = 'REDACTED';
/** Shorter ones are no secrets, and taking them out would maim every text. */
const MIN_SECRET = 4;
/** The same for what is a secret only because nothing says that it is none. */
const MIN_UNNAMED = 6;
const SECRET_HEADER =
  /key|token|secret|auth|pass|pwd|cookie|session|sid$|jwt|credential|signature|cert|private|bearer|otp$|(?:^|-)pin$/i;
const SECRET_FIELD =
  /(?:^|[_-])(?:key|token|secret|pass|password|passwd|passphrase|pwd|jwt|cookie|signature|authorization|credentials?)$|apikey|password$/i;
const SECRET_FIELD_IN_CAMEL_CASE = /[a-z](?:Key|Token|Secret|Pass|Password|Passphrase|Credentials?)$/;
const SECRET_PARAMETER =
  /^(?:code|sig|sid|pwd|sas)$|key|token|secret|auth|pass|session|jwt|credential|signature/i;
/** Headers whose values are settings and names, shown as they are. */
const HARMLESS_HEADER =
  /^(?:accept|accept-.*|cache-control|connection|content-.*|expect|from|host|keep-alive|origin|pragma|prefer|priority|referer|http-referer|te|traceparent|user-agent|x-forwarded-.*|x-request-id|x-title)$|(?:^|-)(?:model|provider|version|region|organization|project|beta|timeout|language|encoding|format|environment|env|stage)$/i;
/** As undici's EnvHttpProxyAgent reads them. */
const PROXY_VARIABLES = ['http_proxy', 'HTTP_PROXY', 'https_proxy', 'HTTPS_PROXY'];
/** Words of the protocols and of the reports: as a value they tell nothing, and without them nothing can be told. */
const COMMON = new Set(
  (
    'accept answer answers anthropic application/json assistant bearer choices chunk chunks completion completions ' +
    'content created default detail details development disabled enabled error expected function gzip ' +
    'identity keep-alive lastchunk length message messages model models no-cache no-store nonstream object observed ' +
    'openai production prompt reasoning request requests response responses server servers staging standard status ' +
    'stream streaming streams string system testing text/event-stream text/plain tokens usage version warning'
  ).split(' '),
);

/** True for a header whose name says that its value must not be shown. */
export function isSecretHeader(name: string): boolean {
  return SECRET_HEADER.test(name) && !HARMLESS_HEADER.test(name);
}

/** True for a header whose value may be shown, whoever gave it. */
export function isHarmlessHeader(name: string): boolean {
  return HARMLESS_HEADER.test(name);
}

/** True for a query parameter whose value must not be shown. */
export function isSecretParameter(name: string): boolean {
  return SECRET_PARAMETER.test(name);
}

/**
 * The secrets in request headers: each value but those of harmless headers, and its parts: what follows a scheme
 * (`Bearer …`), the values of cookies and parameters (`sid=…; b=2`, `Signature=…`), the password of Basic. Of a value that
 * is short or a common word only the header as a whole is one: `x-mode: on`.
 */
export function secretsOfHeaders(headers: Readonly<Record<string, string>>): readonly string[] {
  return Object.entries(headers).flatMap(([name, value]) => {
    if (value === '' || isHarmlessHeader(name)) return [];
    if (!isSecretHeader(name)) return isTelling(value) ? [value, ...partsOf(value)] : asHeader(name, value);
    const credential = /^\S+\s+(\S.*)$/.exec(value)?.[1];
    const own = value.length < MIN_SECRET ? asHeader(name, value) : [value];
    return [
      ...own,
      ...(credential === undefined ? [] : [credential, ...basicPair(value)]),
      ...partsOf(value),
    ];
  });
}

/** True for a value that is not likely to stand in a text by chance. */
function isTelling(value: string): boolean {
  return value.length >= MIN_UNNAMED && !/^\d{1,7}$/.test(value) && !COMMON.has(value.toLowerCase());
}

/** Values of a list of cookies or parameters, and the three parts of a JSON Web Token, which are secrets by themselves. */
function partsOf(value: string): readonly string[] {
  const parameters = [...value.matchAll(/[\w.-]+=(?:"([^"]*)"|([^\s,;"]+))/g)].map(
    ([, inQuotes, plain]) => inQuotes ?? plain ?? '',
  );
  const token = /(?:^|[\s=])(ey[\w-]+)\.(ey[\w-]+)\.([\w-]+)/.exec(value)?.slice(1) ?? [];
  return [...parameters, ...token].filter(isTelling);
}

/** A header as programs print it. */
function asHeader(name: string, value: string): readonly string[] {
  const inTitleCase = name.toLowerCase().replace(/(?:^|-)[a-z]/g, (letter) => letter.toUpperCase());
  return [name.toLowerCase(), inTitleCase].flatMap((shown) => [
    `${shown}: ${value}`,
    `${shown}":"${value}"`,
    `${shown}": "${value}"`,
    `${shown}': '${value}'`,
  ]);
}

/** The secrets among the user's own fields of the body: texts whose names say key, secret or password. */
export function secretsOfBody(value: unknown, name = ''): readonly string[] {
  if (typeof value === 'string') return isSecretField(name) ? [value] : [];
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

/**
 * The values of environment variables whose names say key, token, secret or password, and what is secret in those that are
 * URLs (proxies, data bases): programs print such things.
 */
export function secretsOfEnvironment(env: Readonly<Record<string, string | undefined>>): readonly string[] {
  return Object.entries(env).flatMap(([name, value = '']) =>
    isSecretField(name) && value.length >= 8 ? [value] : secretsOfUrl(value),
  );
}

/** The secrets among the words of a command: `--api-key KEY`, `--token=KEY`, `API_KEY=KEY`, and those of URLs. */
export function secretsOfWords(words: readonly string[]): readonly string[] {
  return words.flatMap((word, at) => {
    const [, name = '', value] = /^-{0,2}([\w-]+)(?:=(.*))?$/s.exec(word) ?? [];
    if (!isSecretField(name)) return secretsOfUrl(value ?? word);
    const next = words[at + 1];
    return [value ?? next ?? ''].filter((secret) => secret !== '');
  });
}

function isSecretField(name: string): boolean {
  return SECRET_FIELD.test(name) || SECRET_FIELD_IN_CAMEL_CASE.test(name);
}

/** The secrets in a URL: credentials, and the values of parameters that name a key. */
export function secretsOfUrl(text: string): readonly string[] {
  if (!URL.canParse(text)) return [];
  const url = new URL(text);
  const values = [...url.searchParams].filter(([name]) => isSecretParameter(name)).map(([, value]) => value);
  const user = isKeyAsUser(url) ? [decoded(url.username)] : [];
  return [...values, ...user, decoded(url.password)].filter((one) => one !== '');
}

/** The secrets in what the environment says of proxies: they may say their credentials back. */
export function secretsOfProxies(env: Readonly<Record<string, string | undefined>>): readonly string[] {
  return PROXY_VARIABLES.flatMap((name) => secretsOfUrl(env[name] ?? ''));
}

/** True where a key may stand in place of a name: `http://KEY@host`, `http://KEY:x@host`. */
export function isKeyAsUser({ username, password }: Pick<URL, 'username' | 'password'>): boolean {
  return username !== '' && (username.length >= 8 || password.length < MIN_SECRET);
}

const MOST_REMEMBERED = 16;
const remembered = new Map<string, Redact>();

/**
 * A function that takes the secrets out of a text: as they are, with any of their characters escaped (percent-encoding,
 * JSON, HTML; also twice), and in base64. A server that echoes a key cannot get it into a report. One that was made before
 * for the same secrets is given again.
 */
export function redactor(secrets: Iterable<string>): Redact {
  const known = [...new Set(secrets)].filter((secret) => secret.length >= MIN_SECRET);
  if (known.length === 0) return keepAsIs;
  const name = JSON.stringify(known);
  const made = remembered.get(name) ?? redactorOf(known);
  remembered.delete(name);
  remembered.set(name, made);
  const [oldest] = remembered.keys();
  if (remembered.size > MOST_REMEMBERED && oldest !== undefined) remembered.delete(oldest);
  return made;
}

function redactorOf(secrets: readonly string[]): Redact {
  const pattern = patternOf(secrets);
  return (text) => withoutSecrets(text, pattern, MARK);
}

/** A URL that may be shown: no `user:password@`, no values of parameters that name a key, nothing that is not sent. */
export function redactUrl(text: string): string {
  if (!URL.canParse(text)) return shownUrl(text);
  const url = new URL(text);
  url.username = '';
  url.password = '';
  url.hash = '';
  for (const name of new Set(url.searchParams.keys())) {
    if (isSecretParameter(name)) url.searchParams.set(name, MARK);
  }
  return url.href;
}

/** What is secret in `Basic …`. */
function basicPair(value: string): readonly string[] {
  const encoded = /^Basic\s+(\S+)$/i.exec(value)?.[1];
  if (encoded === undefined) return [];
  const pair = Buffer.from(encoded, 'base64').toString('utf8');
  const [, username = '', password = ''] = /^([^:]*):?(.*)$/s.exec(pair) ?? [];
  const user = isKeyAsUser({ username, password }) ? [username] : [];
  return [...user, password].filter((one) => one !== '');
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
