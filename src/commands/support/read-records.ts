/** Records of versions out of files: records as they are, and JSON reports, each made into records and let go. */
import { statSync } from 'node:fs';
import { homedir } from 'node:os';
import { globSync, isDynamicPattern } from 'tinyglobby';
import { cacheFolder } from '../../launch/cache-folder.ts';
import { type Replaced, recordOf } from '../../matrix/record-of.ts';
import { faultNotesSchema, recordSchema } from '../../matrix/record-schema.ts';
import { UsageError } from '../../model/errors.ts';
import { isJsonObject } from '../../model/json.ts';
import type { FaultNotes, VersionRecord } from '../../model/record.ts';
import { parsedReport, readJson } from './read-report.ts';

export interface Read {
  readonly records: readonly VersionRecord[];
  readonly notes: readonly FaultNotes[];
  /** What was passed over, and why. */
  readonly remarks: readonly string[];
}

/** Far more than anybody keeps; a folder that is not meant has more. */
const MOST_FILES = 10_000;

/**
 * @param paths files, folders (all JSON files in them) and globs
 * @throws UsageError where there is nothing, or a file is none of these
 */
export function readRecords(paths: readonly string[]): Read {
  const records: VersionRecord[] = [];
  const notes: FaultNotes[] = [];
  const remarks: string[] = [];
  const places = placesHere();
  for (const file of paths.flatMap(filesAt)) {
    const value = readJson(file);
    const kind = isJsonObject(value) ? value.kind : undefined;
    if (kind === 'lastchunk-record') records.push(checked(file, recordSchema.safeParse(value)));
    else if (kind === 'lastchunk-faults') notes.push(checked(file, faultNotesSchema.safeParse(value)));
    else {
      const report = parsedReport(file, value);
      for (const server of report.servers) {
        const record = recordOf(report, server, places);
        if (record === null) remarks.push(`${file}: ${server.name} was broken off, and is left out`);
        else records.push(record);
      }
    }
  }
  return { records, notes, remarks };
}

function filesAt(path: string): readonly string[] {
  const isFolder = statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
  if (!isFolder && !isDynamicPattern(path)) return [path];
  const files = isFolder ? globSync('**/*.json', { cwd: path, absolute: true }) : globSync(path);
  if (files.length === 0) throw new UsageError(`${path}: no JSON file there`);
  if (files.length > MOST_FILES)
    throw new UsageError(`${path}: over ${MOST_FILES} JSON files; name the folder`);
  return files.sort();
}

interface Parsed<T> {
  readonly success: boolean;
  readonly data?: T;
  readonly error?: {
    readonly issues: readonly { readonly path: readonly PropertyKey[]; readonly message: string }[];
  };
}

function checked<T>(file: string, { data, error }: Parsed<T>): T {
  if (data !== undefined) return data;
  const [issue] = error?.issues ?? [];
  const at = issue?.path.map(String).join('.') ?? '';
  throw new UsageError(
    `${file}: not as lastchunk writes it${at === '' ? '' : ` ("${at}": ${issue?.message})`}`,
  );
}

/** Folders of this machine, which no record is to name. */
function placesHere(): Replaced {
  return [
    [`${cacheFolder()}/`, ''],
    [`${process.cwd()}/`, ''],
    [`${homedir()}/`, '~/'],
  ];
}
