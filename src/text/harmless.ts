/**
 * Text that a server chose, made harmless for a terminal and for any single line.
 * Everything invisible becomes a visible escape: control characters (ANSI and C1 among them), line ends, marks that turn
 * the direction of text, zero-width and other ignorable characters, lone surrogates, unassigned code points.
 * What a CI runner takes for a command (`::error::` at the start of a line, `##[error]` anywhere, `##vso[…]`,
 * `##teamcity[…]`) is broken up.
 * Above U+001F the escapes are those of JSON, so that a JSON body in a curl line still says the same.
 */

const INVISIBLE = /[\p{C}\p{DI}\p{Zl}\p{Zp}]/gu;
const WORKFLOW_COMMAND = /::(?=[a-z-]+(?:\s|::))|##(?=[a-z]*\[)/gi;

/** No single text is shown longer than this unless a reporter says otherwise. */
const LONGEST_TEXT = 4000;

/** One visible line of at most `limit` characters; `…` ends it where something was left out. */
export function harmless(text: string, limit: number = LONGEST_TEXT): string {
  const head = text.length > limit ? text.slice(0, limit + 1) : text;
  const visible = head.replace(INVISIBLE, escapeCharacter).replace(WORKFLOW_COMMAND, breakUp);
  return cutToLength(visible, limit);
}

/** The same for every string in a value, keys left alone. A reporter that begins with this escapes everything. */
export function harmlessDeep<T>(value: T, limit: number = LONGEST_TEXT): T {
  return mapStrings(value, (text) => harmless(text, limit)) as T;
}

/** A copy of a plain value with each string in it replaced. */
function mapStrings(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === 'string') return change(value);
  if (Array.isArray(value)) return value.map((item) => mapStrings(item, change));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, mapStrings(item, change)]));
}

/** The same JSON document, with what a terminal or a CI runner might obey, or hide, written as `\u…`. */
export function harmlessJson(document: string): string {
  const escapeOther = (character: string) => (character === '\n' ? character : unicodeEscape(character));
  return document.replace(INVISIBLE, escapeOther).replace(WORKFLOW_COMMAND, breakUp);
}

/** At most `limit` UTF-16 units, never half a character. */
export function cutToLength(text: string, limit: number): string {
  if (text.length <= limit) return text;
  return `${text.slice(0, Math.max(0, limit - 1)).replace(/[\ud800-\udbff]$/, '')}…`;
}

const NAMED: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

function escapeCharacter(character: string): string {
  if (character > '\u001f') return unicodeEscape(character);
  return NAMED[character] ?? `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`;
}

/** Its first character as an escape, which a JSON document reads as the same text. */
function breakUp(command: string): string {
  return unicodeEscape(command.slice(0, 1)) + command.slice(1);
}

/** Each UTF-16 unit as `\\u…`. */
export function unicodeEscape(character: string): string {
  const units = Array.from({ length: character.length }, (_, i) => character.charCodeAt(i));
  return units.map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`).join('');
}
