import type { MistypedField } from '../model/exchange.ts';

/** One for all: it is asked for at each delta of a stream. */
export const NONE: readonly MistypedField[] = [];

/** True where a client finds text, or nothing at all. */
export const holdsText = (value: unknown): boolean =>
  typeof value === 'string' || value === null || value === undefined;

function typeOf(value: unknown): MistypedField['type'] {
  if (Array.isArray(value)) return 'list';
  return typeof value === 'number' ? 'number' : typeof value === 'boolean' ? 'boolean' : 'object';
}

/** Those of the fields that hold neither text nor null. */
export function mistypedAmong(
  fields: ReadonlyArray<readonly [name: string, value: unknown]>,
): readonly MistypedField[] {
  return fields
    .filter(([, value]) => !holdsText(value))
    .map(([name, value]) => ({ name, type: typeOf(value) }));
}
