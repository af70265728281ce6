import { UsageError } from '../../model/errors.ts';
import { isJsonObject, parseJson } from '../../model/json.ts';
import type { Report } from '../../model/report.ts';
import { completed } from '../../reporters/older-reports.ts';
import { reportSchema } from '../../reporters/report-schema.ts';
import { readBounded } from '../../text/read-bounded.ts';
import { codeOf } from './complain.ts';

/** Far more than the fullest report of a hundred servers has. */
const MOST_BYTES = 128_000_000;

/** Reads a JSON report. @throws UsageError where the file is none */
export function readReport(file: string): Report {
  return parsedReport(file, readJson(file));
}

/** What a JSON file holds. @throws UsageError where it can't be read, is too long, or no JSON */
export function readJson(file: string): unknown {
  let bytes: Buffer | null;
  try {
    bytes = readBounded(file, MOST_BYTES);
  } catch (error) {
    const code = codeOf(error);
    throw new UsageError(`${file}: ${code === 'ENOENT' ? 'no such file' : `can't be read (${code})`}`);
  }
  if (bytes === null) throw new UsageError(`${file}: over ${MOST_BYTES} bytes; not a report of lastchunk`);
  const value = parseJson(bytes.toString('utf8').replace(/^\uFEFF/, ''));
  if (value === undefined)
    throw new UsageError(`${file}: not JSON; a report is made with --output json=FILE`);
  return value;
}

/** @param file where it was read @throws UsageError where it is no report */
export function parsedReport(file: string, value: unknown): Report {
  const fault = faultOf(value);
  if (fault !== null) throw new UsageError(`${file}: ${fault}`);
  const parsed = reportSchema.safeParse(value);
  if (!parsed.success) {
    const at = parsed.error.issues[0]?.path.map(String).join('.') ?? '';
    const where = at === '' ? '' : ` ("${at}" is missing, or not what stands there in one)`;
    throw new UsageError(
      `${file}: JSON, but no report of lastchunk${where}; one is made with --output json=FILE`,
    );
  }
  const twice = saidTwice(parsed.data);
  if (twice !== null)
    throw new UsageError(`${file}: not a report of lastchunk (several results of ${twice})`);
  return completed(parsed.data);
}

/** Far deeper than any report: what writes or compares one goes down level by level. */
const MOST_LEVELS = 64;

/** What no schema says. */
function faultOf(value: unknown): string | null {
  if (isDeeperThan(value, MOST_LEVELS))
    return `nested deeper than ${MOST_LEVELS} levels; not a report of lastchunk`;
  const version = isJsonObject(value) ? value.schemaVersion : undefined;
  return typeof version === 'number' && version > 1
    ? `a report of schemaVersion ${version}, which a newer lastchunk made; this one reads 1`
    : null;
}

function isDeeperThan(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return levels === 0 || Object.values(value).some((item) => isDeeperThan(item, levels - 1));
}

/** A check and case that a server has more than one result of; null where there is none. */
function saidTwice({ servers }: Report): string | null {
  for (const { results } of servers) {
    const seen = new Set<string>();
    for (const { check, case: key } of results) {
      const id = `${check} in ${key}`;
      if (seen.has(id)) return id;
      seen.add(id);
    }
  }
  return null;
}
