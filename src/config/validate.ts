/** Validates a file against its schema; the first thing that is wrong is told with its place. */
import * as z from 'zod';
import { didYouMean } from '../text/did-you-mean.ts';
import { withinTime } from '../text/time-limit.ts';
import { type Path, shownKeys } from './shown-place.ts';
import type { YamlSource } from './yaml-source.ts';

type Issue = z.core.$ZodIssue;

/** Real files take a few ms; a hostile glob may never end. */
const MOST_MS = 10_000;

/** @throws ConfigError, also where it takes more than `mostMs` */
export function validate<T>(source: YamlSource, schema: z.ZodType<T>, mostMs = MOST_MS): T {
  const done = withinTime(mostMs, () => validated(source, schema));
  const slow = `takes over ${mostMs / 1000} s to validate; make it smaller, and its globs simpler`;
  if (done === undefined) throw source.wrong([], slow);
  return done.value;
}

function validated<T>(source: YamlSource, schema: z.ZodType<T>): T {
  const value = source.value();
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  // What lacks may be what is mistyped: the unknown key is told first.
  const lacks = ({ path }: Issue) => Number(valueAt(value, path) === undefined);
  const ranked = parsed.error.issues
    .map((issue) => ({ issue, lacks: lacks(issue), line: source.lineOf(placeOf(issue)) }))
    .sort((a, b) => a.lacks - b.lacks || a.line - b.line);
  const [first, ...more] = ranked;
  const issue = first?.issue;
  if (issue === undefined) throw source.wrong([], 'not valid');
  const rest = more.length === 0 ? '' : ` (and ${more.length} more)`;
  throw source.wrong(
    placeOf(issue),
    `${said(issue, valueAt(value, issue.path), schema, source.filled.writtenAt(shownKeys(issue.path)))}${rest}`,
  );
}

/** An unknown key is pointed at itself, not at what it stands in. */
function placeOf(issue: Issue): Path {
  return issue.code === 'unrecognized_keys' ? [...issue.path, issue.keys[0] ?? ''] : issue.path;
}

/** @param written what the file says there, where a variable is in it: what came of that is not shown */
function said(issue: Issue, found: unknown, schema: z.ZodType, written: string | undefined): string {
  switch (issue.code) {
    case 'unrecognized_keys':
      return unknownKey(issue.keys[0] ?? '', keysAt(schema, issue.path));
    case 'invalid_type':
      return found === undefined
        ? `is missing; expected ${kindOf(issue.expected)}`
        : `expected ${kindOf(issue.expected)}, found ${shownKind(found)}`;
    case 'invalid_value': {
      if (isOwn(issue)) return issue.message;
      const values = issue.values.map(String);
      if (written !== undefined) return `expected ${values.join(', ')}, found ${JSON.stringify(written)}`;
      const near = typeof found === 'string' ? didYouMean(found, values) : `, found ${shownKind(found)}`;
      return `expected ${values.join(', ')}${near}`;
    }
    case 'invalid_union':
      return `${isOwn(issue) ? issue.message : 'expected another value'}, found ${typeof found === 'number' ? found : shownKind(found)}`;
    case 'invalid_key': {
      const [inner] = issue.issues;
      if (inner?.code === 'invalid_value')
        return unknownKey(String(issue.path.at(-1)), inner.values.map(String));
      return inner?.message ?? issue.message;
    }
    case 'custom': {
      const reason: unknown = issue.params?.reason;
      return written === undefined || typeof reason !== 'string'
        ? issue.message
        : `${JSON.stringify(written)}: ${reason}`;
    }
    default:
      return issue.message;
  }
}

function unknownKey(key: string, known: readonly string[]): string {
  return `unknown key${didYouMean(key, known) || `; known are ${known.join(', ')}`}`;
}

/** True where the schema says itself what it expected. */
function isOwn({ message }: Issue): boolean {
  return !message.startsWith('Invalid ');
}

const kinds: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a mapping (key: value)',
  record: 'a mapping (key: value)',
};

function kindOf(expected: string): string {
  return kinds[expected] ?? expected;
}

/** What was found, by kind: its text may be a secret. */
function shownKind(found: unknown): string {
  if (found === null) return 'nothing';
  if (Array.isArray(found)) return 'a list';
  return kinds[typeof found] ?? typeof found;
}

function valueAt(value: unknown, path: Path): unknown {
  let at = value;
  for (const key of path) {
    if (typeof at !== 'object' || at === null) return undefined;
    at = (at as Record<PropertyKey, unknown>)[key];
  }
  return at;
}

/** The keys that a schema knows at a place. */
function keysAt(schema: z.ZodType, path: Path): readonly string[] {
  let at: unknown = schema;
  for (const key of path) {
    at = unwrapped(at);
    if (at instanceof z.ZodObject) at = (at.shape as Record<string, unknown>)[String(key)];
    else if (at instanceof z.ZodArray) at = at.element;
    else return [];
  }
  at = unwrapped(at);
  if (at instanceof z.ZodRecord && at.keyType instanceof z.ZodEnum) return at.keyType.options.map(String);
  return at instanceof z.ZodObject ? Object.keys(at.shape) : [];
}

function unwrapped(schema: unknown): unknown {
  let at = schema;
  while (at instanceof z.ZodOptional || at instanceof z.ZodExactOptional) at = at.unwrap();
  return at;
}
