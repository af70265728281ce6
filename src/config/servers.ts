/** The flags that say which servers are checked, how they are called and what is sent along. */
import { UsageError } from '../model/errors.ts';
import { HEADER_NAME, HEADER_VALUE } from '../wire/headers.ts';
import { parseServerUrl, shownUrl } from '../wire/url.ts';
import { VARIABLE_NAME } from './environment-values.ts';
import { labelOf, nameOf, type ServerTarget } from './server-target.ts';

export interface HeaderFlags {
  readonly header?: string[];
  readonly apiKey?: string;
  readonly apiKeyEnv?: string;
}

export interface ServerFlags extends HeaderFlags {
  readonly model?: string;
  readonly label?: string[];
}

/** @throws UsageError */
export function headersOf(flags: HeaderFlags): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const line of flags.header ?? []) {
    const at = line.indexOf(':');
    const name = line.slice(0, at).trim();
    const value = line.slice(at + 1).trim();
    if (at < 1 || !HEADER_NAME.test(name)) {
      // What stands there may be a key.
      throw new UsageError('--header: write "Name: value", with a name of letters, digits and hyphens');
    }
    mustFitHeader(value, `--header ${name}`);
    headers[name.toLowerCase()] = value;
  }
  const key = keyOf(flags);
  if (key !== null) {
    mustFitHeader(key, 'the API key');
    headers.authorization = `Bearer ${key}`;
  }
  return headers;
}

/** Names no value: it may be a key. */
function mustFitHeader(value: string, what: string): void {
  if (!HEADER_VALUE.test(value))
    throw new UsageError(`${what}: the value has a character that no header can carry`);
}

function keyOf({ apiKey, apiKeyEnv }: HeaderFlags): string | null {
  if (apiKeyEnv !== undefined) {
    // A key given by mistake is not shown.
    if (!VARIABLE_NAME.test(apiKeyEnv))
      throw new UsageError('--api-key-env: write the name of an environment variable');
    const value = process.env[apiKeyEnv];
    if (value === undefined || value === '')
      throw new UsageError(`--api-key-env ${apiKeyEnv}: that environment variable is not set`);
    return value.trim();
  }
  if (apiKey === undefined) return null;
  process.stderr.write(
    'lastchunk: warning: a key on the command line can be seen by other users; use --api-key-env NAME\n',
  );
  return apiKey;
}

/** Equal where two ways to write a URL mean the same. @throws ServerUrlError */
export function placeOf(text: string): string {
  const { origin, prefix, query, authorization } = parseServerUrl(text);
  return JSON.stringify([origin, prefix, query, authorization]);
}

/** What each `--label NAME=URL` calls which place. @throws UsageError, ServerUrlError */
export function labelsOf(lines: readonly string[]): ReadonlyMap<string, { url: string; label: string }> {
  return new Map(
    lines.map((line) => {
      const at = line.search(/=[a-z][a-z0-9+.-]*:\/\//i);
      if (at < 1)
        throw new UsageError(
          `--label ${JSON.stringify(shownUrl(line))}: write NAME=URL, e.g. --label "my-server 1.4=http://127.0.0.1:8080"`,
        );
      const url = line.slice(at + 1);
      return [placeOf(url), { url, label: line.slice(0, at).trim() }];
    }),
  );
}

/** @throws UsageError, ServerUrlError */
export function targetsOf(
  urls: readonly string[],
  flags: ServerFlags,
  profile: string | null = null,
  labels = labelsOf(flags.label ?? []),
): readonly ServerTarget[] {
  const places = new Map(urls.map((url) => [placeOf(url), url]));
  for (const [place, { url }] of labels) if (!places.has(place)) places.set(place, url);
  const all = [...places];
  if (all.length === 0)
    throw new UsageError(
      'no server given; write e.g. lastchunk check http://127.0.0.1:8080; lastchunk demo shows what it prints, lastchunk --help what there is',
    );
  const headers = headersOf(flags);
  return all.map(([place, url]) => {
    const label = labels.get(place)?.label;
    return {
      name: label ?? nameOf(url),
      url,
      model: flags.model ?? null,
      headers,
      ...(flags.apiKeyEnv === undefined ? {} : { keyVariable: flags.apiKeyEnv }),
      label: label === undefined ? null : labelOf(label),
      profile,
    };
  });
}
