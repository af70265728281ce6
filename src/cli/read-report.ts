import { readFileSync } from 'node:fs';
import { parseJson } from '../json.ts';
import type { Report } from '../report/model.ts';
import { reportSchema } from '../report/schema.ts';
import { UsageError } from './exit.ts';

/** Reads a JSON report. @throws UsageError where the file is none */
export function readReport(file: string): Report {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    throw new UsageError(`${file}: ${code === 'ENOENT' ? 'no such file' : `can't be read (${code})`}`);
  }
  const value = parseJson(text);
  if (value === undefined)
    throw new UsageError(`${file}: not JSON; a report is made with --output json=FILE`);
  const parsed = reportSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new UsageError(
    `${file}: not a report of this version of lastchunk (${issue?.path.map(String).join('.')}: ${issue?.message})`,
  );
}
