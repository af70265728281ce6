/** The flags of `check`, validated at the border: what comes out can be trusted. */

import { faultOfFields } from '../apis/case-fields.ts';
import { apis as knownApis } from '../apis/index.ts';
import { catalogueOf, NEWEST_CATALOGUE } from '../checks/catalogue.ts';
import { selectionOf } from '../config/selection.ts';
import type { ApiId } from '../model/api.ts';
import { UsageError } from '../model/errors.ts';
import { isJsonObject, type JsonObject, parseJson } from '../model/json.ts';
import { type FailOn, failOns } from '../model/report.ts';
import { type Suite, suites } from '../scenarios/index.ts';
import { durationMs } from '../text/duration.ts';
import { readBounded } from '../text/read-bounded.ts';
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
  readonly maxDuration?: string;
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

/** ms that a whole run may take; null: no bound. @throws UsageError */
export function maxDurationOf({ maxDuration }: Pick<CheckFlags, 'maxDuration'>): number | null {
  return maxDuration === undefined ? null : someTime(maxDuration, '--max-duration');
}

function someTime(text: string, flag: string): number {
  const ms = milliseconds(text, flag);
  if (ms === 0) throw new UsageError(`${flag} ${text}: write more than 0 seconds`);
  return ms;
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
function bodyOf(text: string | undefined): JsonObject {
  if (text === undefined) return {};
  const value = parseJson(text);
  if (!isJsonObject(value))
    throw new UsageError(`--body: write a JSON object, e.g. '{"enable_thinking":false}'`);
  const fault = faultOfFields(value);
  if (fault !== null) throw new UsageError(`--body: ${fault}`);
  return value;
}

/** A bundle of all public certificate authorities has a quarter of a million. */
const MOST_CERTIFICATE_BYTES = 16_000_000;

function pemOf(path: string | undefined): string | null {
  if (path === undefined) return null;
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

/** The number of a catalogue; that of the newest for `latest`. @throws UsageError */
export function catalogueNumber(text: string): number {
  if (text === 'latest') return NEWEST_CATALOGUE;
  if (/^[1-9]\d*$/.test(text) && Number(text) <= NEWEST_CATALOGUE) return Number(text);
  throw new UsageError(
    `--catalogue ${JSON.stringify(text)}: there is no such catalogue; write latest, or a number up to ${NEWEST_CATALOGUE}, the newest`,
  );
}

/** Everything but the servers and the outputs. @throws UsageError, SelectionError */
export function settingsOf(flags: RunFlags) {
  const catalogue = catalogueNumber(flags.catalogue);
  return {
    apis: apisOf(flags.api),
    suite: suiteOf(flags.suite),
    catalogue,
    selection: selectionOf(flags.only ?? [], flags.skip ?? [], catalogueOf(catalogue)),
    seed:
      flags.seed === undefined
        ? Math.floor(Math.random() * 0x7fffffff)
        : integer(flags.seed, '--seed', 0, 0x7fffffff),
    confirm: flags.confirm,
    repeat: integer(flags.repeat ?? '1', '--repeat', 1, 100_000),
    strict: flags.strict ?? false,
    failOn: failOnOf(flags.failOn ?? 'fail'),
    timeoutMs: someTime(flags.timeout, '--timeout'),
    waitMs: milliseconds(flags.wait, '--wait'),
    concurrency: integer(flags.concurrency, '--concurrency', 1, 64),
    body: bodyOf(flags.body),
    caPem: pemOf(flags.cacert),
  };
}
