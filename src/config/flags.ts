/** Flags that say what keys of the config file say: validated by its schema, and told in the words of flags. */
import type * as z from 'zod';
import { apis } from '../apis/index.ts';
import { NEWEST_CATALOGUE } from '../checks/catalogue.ts';
import { UsageError } from '../model/errors.ts';
import { parseJson } from '../model/json.ts';
import { sourceIds } from '../model/reference.ts';
import { failOns, formats } from '../model/report.ts';
import { products } from '../products/index.ts';
import { suites } from '../scenarios/index.ts';
import { durationMs } from '../text/duration.ts';
import type { FlagSettings } from './schema.ts';

/** As commander hands them over. */
export interface SettingFlags {
  readonly api?: string[];
  readonly suite?: string;
  readonly only?: string[];
  readonly skip?: string[];
  readonly timeout?: string;
  readonly maxDuration?: string;
  readonly wait?: string;
  readonly concurrency?: string;
  readonly seed?: string;
  readonly confirm?: boolean;
  readonly repeat?: string;
  readonly strict?: boolean;
  readonly failOn?: string;
  readonly catalogue?: string;
  readonly body?: string;
  readonly cacert?: string;
  readonly reference?: string;
  readonly tokenizer?: string;
  readonly referenceServer?: string;
  readonly profile?: string;
  /** A file; false: none, even where the config file names one. */
  readonly baseline?: string | false;
  readonly format?: string;
}

type Wording = (found: unknown, issue: z.core.$ZodIssue) => string;

const shown = (found: unknown) => JSON.stringify(found);
const time =
  (flag: string): Wording =>
  (found) =>
    durationMs(String(found)) === 0
      ? `${flag} ${found}: write more than 0 seconds`
      : notATime(flag, String(found));
const number =
  (flag: string): Wording =>
  (found, { message }) =>
    `${flag} ${shown(found)}: ${message.replace(/^expected/, 'write')}`;

/** What is said of a flag that the schema does not accept. */
const wordings: Readonly<Record<string, Wording>> = {
  api: (found) => `unknown API ${shown(found)}: write ${[...apis.keys()].join(', ')}`,
  suite: (found) => `unknown suite ${shown(found)}: write ${suites.join(', ')}`,
  timeout: time('--timeout'),
  maxDuration: time('--max-duration'),
  wait: time('--wait'),
  concurrency: number('--concurrency'),
  seed: number('--seed'),
  repeat: number('--repeat'),
  failOn: (found) => `--fail-on ${shown(found)}: write ${failOns.join(' or ')}`,
  catalogue: (found) =>
    `--catalogue ${shown(found)}: there is no such catalogue; write latest, or a number up to ${NEWEST_CATALOGUE}, the newest`,
  body: (_, { code, message }) =>
    code === 'custom'
      ? `--body: ${message}`
      : `--body: write a JSON object, e.g. '{"enable_thinking":false}'`,
  reference: (_, issue) => {
    const why = issue.code === 'custom' ? String(issue.params?.why) : 'no source is named';
    return `--reference: ${why}; write auto, none or some of ${sourceIds.join(',')}`;
  },
  referenceServer: (_, { message }) => message,
  profile: (found) => `unknown profile ${shown(found)}: write openai, ${[...products.keys()].join(', ')}`,
  format: (found) => `--format: unknown format ${shown(found)}; write ${formats.join(', ')}`,
};

/** The schema is loaded only where a flag says something. @throws UsageError */
export async function settingsOf(flags: SettingFlags): Promise<FlagSettings> {
  const { body, baseline, ...others } = flags;
  const said = {
    ...others,
    ...(body === undefined ? {} : { body: parseJson(body) ?? null }),
    ...(typeof baseline === 'string' ? { baseline } : {}),
  };
  if (Object.keys(said).length === 0) return {};
  const { flagSchema } = await import('./schema.ts');
  const parsed = flagSchema.safeParse(said);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  if (issue === undefined) throw parsed.error;
  const [flag = '', at] = issue.path;
  const value: unknown = Object.entries(said).find(([name]) => name === flag)?.[1];
  const found: unknown = Array.isArray(value) ? value[Number(at)] : value;
  const wording = wordings[String(flag)];
  throw new UsageError(wording?.(found, issue) ?? `--${String(flag)}: ${issue.message}`);
}

function notATime(flag: string, text: string): string {
  return `${flag} ${JSON.stringify(text)}: write seconds, or 500ms, 5s, 2m; at most a day`;
}

/** ms from "90", "500ms", "5s", "2m". @throws UsageError */
export function milliseconds(text: string, flag: string): number {
  const value = durationMs(text);
  if (value === null) throw new UsageError(notATime(flag, text));
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
