/** The flags of `check`, validated at the border: what comes out can be trusted. */
import { readFileSync } from 'node:fs';
import type { ApiId } from '../apis/api.ts';
import { apis as knownApis } from '../apis/index.ts';
import { LATEST_CATALOGUE } from '../checks/catalogue.ts';
import { durationMs } from '../config/duration.ts';
import { VARIABLE_NAME } from '../config/environment-values.ts';
import { isJsonObject, type JsonObject, parseJson } from '../json.ts';
import { type Suite, suites } from '../plan/scenarios.ts';
import { selectionOf } from '../plan/selection.ts';
import { type FailOn, failOns } from '../report/model.ts';
import { labelOf } from '../run/label.ts';
import type { ServerTarget } from '../run/options.ts';
import { products } from '../servers/index.ts';
import { parseServerUrl } from '../wire/url.ts';
import { UsageError } from './exit.ts';
import type { ReferenceFlags } from './reference-flags.ts';

/** As commander hands them over. */
export interface CheckFlags extends ReferenceFlags {
  readonly model?: string;
  readonly from?: string;
  readonly api?: string[];
  readonly suite: string;
  readonly only?: string[];
  readonly skip?: string[];
  readonly timeout: string;
  readonly wait: string;
  readonly concurrency: string;
  readonly seed?: string;
  readonly confirm: boolean;
  readonly header?: string[];
  readonly body?: string;
  readonly apiKeyEnv?: string;
  readonly apiKey?: string;
  readonly label?: string[];
  readonly profile?: string;
  readonly strict?: boolean;
  readonly failOn?: string;
  readonly catalogue: string;
  readonly format: string;
  readonly output?: string[];
  readonly dryRun?: boolean;
  readonly verbose?: boolean;
  readonly color: boolean;
  readonly cacert?: string;
  /** A file; false: none, even where the config file names one. */
  readonly baseline?: string | false;
  readonly updateBaseline?: boolean;
  readonly shard?: string;
  readonly repeat?: string;
  /** A file; false: none, even where one would be found. */
  readonly config?: string | false;
}

/** What says how a run is done, and not what becomes of its report. */
export type RunFlags = Omit<CheckFlags, 'format' | 'color'>;

/** ms from "90", "500ms", "5s", "2m". @throws UsageError */
export function milliseconds(text: string, flag: string): number {
  const value = durationMs(text);
  if (value === null)
    throw new UsageError(`${flag} ${JSON.stringify(text)}: write seconds, or 500ms, 5s, 2m; at most a day`);
  return value;
}

/** @throws UsageError */
export function integer(text: string, flag: string, least: number, most: number): number {
  const value = Number(text);
  if (!/^-?\d+$/.test(text.trim()) || value < least || value > most) {
    throw new UsageError(`${flag} ${JSON.stringify(text)}: write a whole number from ${least} to ${most}`);
  }
  return value;
}

/** @throws UsageError */
export function suiteOf(name: string): Suite {
  const suite = suites.find((one) => one === name);
  if (suite === undefined)
    throw new UsageError(`unknown suite ${JSON.stringify(name)}: write ${suites.join(', ')}`);
  return suite;
}

/** @throws UsageError */
function failOnOf(verdict: string): FailOn {
  const failOn = failOns.find((one) => one === verdict);
  if (failOn === undefined)
    throw new UsageError(`--fail-on ${JSON.stringify(verdict)}: write ${failOns.join(' or ')}`);
  return failOn;
}

/** @throws UsageError */
function apisOf(names: readonly string[] | undefined): readonly ApiId[] {
  const ids = [...knownApis.keys()];
  const wanted = (names ?? []).flatMap((name) => name.split(','));
  for (const name of wanted) {
    if (!ids.some((id) => id === name))
      throw new UsageError(`unknown API ${JSON.stringify(name)}: write ${ids.join(', ')}`);
  }
  return wanted.length === 0 ? ids : ids.filter((id) => wanted.includes(id));
}

/** @throws UsageError */
export function headersOf(
  flags: Pick<CheckFlags, 'header' | 'apiKey' | 'apiKeyEnv'>,
): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const line of flags.header ?? []) {
    const at = line.indexOf(':');
    const name = line.slice(0, at).trim();
    const value = line.slice(at + 1).trim();
    if (at < 1 || !/^[!#$%&'*+.^_`|~0-9a-z-]+$/i.test(name)) {
      throw new UsageError(
        `--header ${JSON.stringify(at < 1 ? line.slice(0, 20) : name)}: write "Name: value"`,
      );
    }
    mustFitHeader(value, `--header ${name}`);
    headers[name.toLowerCase()] = value;
  }
  const key = keyOf(flags);
  if (key !== null) {
    mustFitHeader(key, 'the API key');
    headers['authorization'] = `Bearer ${key}`;
  }
  return headers;
}

/** Names no value: it may be a key. */
function mustFitHeader(value: string, what: string): void {
  if (!/^[\t -~\x80-\xff]*$/.test(value))
    throw new UsageError(`${what}: the value has a character that no header can carry`);
}

function keyOf({ apiKey, apiKeyEnv }: Pick<CheckFlags, 'apiKey' | 'apiKeyEnv'>): string | null {
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

/** @throws UsageError */
export function profileOf({ profile }: CheckFlags): string | null {
  if (profile !== undefined && profile !== 'openai' && !products.has(profile)) {
    throw new UsageError(
      `unknown profile ${JSON.stringify(profile)}: write openai, ${[...products.keys()].join(', ')}`,
    );
  }
  return profile ?? null;
}

/** What each `--label NAME=URL` calls which place. @throws UsageError, ServerUrlError */
export function labelsOf(lines: readonly string[]): ReadonlyMap<string, { url: string; label: string }> {
  return new Map(
    lines.map((line) => {
      const at = line.search(/=[a-z][a-z0-9+.-]*:\/\//i);
      if (at < 1)
        throw new UsageError(
          `--label ${JSON.stringify(line)}: write NAME=URL, e.g. --label "my-server 1.4=http://127.0.0.1:8080"`,
        );
      const url = line.slice(at + 1);
      return [placeOf(url), { url, label: line.slice(0, at).trim() }];
    }),
  );
}

/** @throws UsageError, ServerUrlError */
export function targetsOf(
  urls: readonly string[],
  flags: CheckFlags,
  labels = labelsOf(flags.label ?? []),
): readonly ServerTarget[] {
  const places = new Map(urls.map((url) => [placeOf(url), url]));
  for (const [place, { url }] of labels) if (!places.has(place)) places.set(place, url);
  const all = [...places];
  if (all.length === 0)
    throw new UsageError('no server given; write e.g. lastchunk check http://127.0.0.1:8080');
  const profile = profileOf(flags);
  const headers = headersOf(flags);
  return all.map(([place, url]) => {
    const { origin, prefix } = parseServerUrl(url);
    const label = labels.get(place)?.label;
    return {
      name: label ?? origin.replace(/^https?:\/\//, '') + prefix,
      url,
      model: flags.model ?? null,
      headers,
      label: label === undefined ? null : labelOf(label),
      profile,
    };
  });
}

/** @throws UsageError */
function bodyOf(text: string | undefined): JsonObject {
  if (text === undefined) return {};
  const value = parseJson(text);
  if (!isJsonObject(value))
    throw new UsageError(`--body: write a JSON object, e.g. '{"enable_thinking":false}'`);
  return value;
}

function pemOf(path: string | undefined): string | null {
  if (path === undefined) return null;
  let pem: string;
  try {
    pem = readFileSync(path, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unreadable';
    throw new UsageError(`--cacert ${path}: ${code === 'ENOENT' ? 'no such file' : code}`);
  }
  if (!pem.includes('-----BEGIN CERTIFICATE-----'))
    throw new UsageError(`--cacert ${path}: not a PEM certificate`);
  return pem;
}

/** Everything but the servers and the outputs. @throws UsageError, SelectionError */
export function settingsOf(flags: RunFlags) {
  const timeoutMs = milliseconds(flags.timeout, '--timeout');
  if (timeoutMs === 0) throw new UsageError('--timeout 0: write more than 0 seconds');
  if (flags.catalogue !== 'latest' && flags.catalogue !== String(LATEST_CATALOGUE)) {
    throw new UsageError(
      `--catalogue ${JSON.stringify(flags.catalogue)}: write ${LATEST_CATALOGUE} or latest`,
    );
  }
  return {
    apis: apisOf(flags.api),
    suite: suiteOf(flags.suite),
    selection: selectionOf(flags.only ?? [], flags.skip ?? []),
    seed:
      flags.seed === undefined
        ? Math.floor(Math.random() * 0x7fffffff)
        : integer(flags.seed, '--seed', 0, 0x7fffffff),
    confirm: flags.confirm,
    repeat: integer(flags.repeat ?? '1', '--repeat', 1, 100_000),
    strict: flags.strict ?? false,
    failOn: failOnOf(flags.failOn ?? 'fail'),
    timeoutMs,
    waitMs: milliseconds(flags.wait, '--wait'),
    concurrency: integer(flags.concurrency, '--concurrency', 1, 64),
    body: bodyOf(flags.body),
    caPem: pemOf(flags.cacert),
  };
}
