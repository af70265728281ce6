import { visitMembers } from './json-members.ts';

interface Span {
  readonly start: number;
  readonly end: number;
}

/**
 * A JSON text with one member set, and not a character of the rest changed: numbers, escapes, blanks and the order of keys
 * stay as they are written. Objects on the way are made where they are missing or null.
 * @param text an object that JSON.parse has taken; one character may stand for one byte
 * @param path its keys from the outermost object on, one or more
 * @param json what it is set to
 * @returns null where something else than an object stands on the way
 */
export function withMember(text: string, path: readonly string[], json: string): string | null {
  const [key, ...deeper] = path;
  if (key === undefined) return null;
  let last: Span | undefined;
  let own: Span | undefined;
  visitMembers(
    text,
    () => false,
    ({ path: [name], start, end }) => {
      last = { start, end };
      // Of keys that stand twice all parsers that are known take the last one.
      if (name === key) own = last;
    },
  );
  if (own !== undefined) {
    const value = deeper.length === 0 ? json : within(text.slice(own.start, own.end), deeper, json);
    return value === null ? null : text.slice(0, own.start) + value + text.slice(own.end);
  }
  const member = `${JSON.stringify(key)}:${nested(deeper, json)}`;
  const at = last?.end ?? text.indexOf('{') + 1;
  return `${text.slice(0, at)}${last === undefined ? '' : ','}${member}${text.slice(at)}`;
}

function within(value: string, path: readonly string[], json: string): string | null {
  if (value === 'null') return nested(path, json);
  return value.startsWith('{') ? withMember(value, path, json) : null;
}

const nested = (path: readonly string[], json: string): string =>
  path.reduceRight((inner, key) => `{${JSON.stringify(key)}:${inner}}`, json);
