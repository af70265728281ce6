import type { SentRequest } from '../model/exchange.ts';
import { keepAsIs, type Redact } from './bounded.ts';
import { isHarmlessHeader, isSecretHeader, redacted, redactUrl } from './redact.ts';

/**
 * A command that repeats a request, on one line and without control characters. It can be pasted into sh, bash, zsh and
 * PowerShell: whatever a server, a file or a user put into it, none of them runs a part of it. Keys are replaced by
 * `$KEY`, or the variable that held the key, which the shell fills in where it is set; values of other headers, which may be secrets, by REDACTED.
 */
export function curlCommand(
  request: SentRequest,
  headers: Readonly<Record<string, string>>,
  redact: Redact = keepAsIs,
  keyVariable: string = 'KEY',
): string {
  const words = ['curl', '-sS', '-N', quoted(inUrl(redact(redactUrl(request.url))))];
  for (const [name, value] of Object.entries(headers)) {
    if (IMPLIED.has(name.toLowerCase())) continue;
    words.push('-H', headerWord(name, value, redact, keyVariable));
  }
  const { body } = request;
  if (typeof body === 'string') words.push('-d', quoted(redact(body)));
  else if (body !== null) words.push('-d', quoted(jsonText(redacted(body, redact))));
  return words.join(' ');
}

/** What curl sends by itself, or what only matters to this program. */
const IMPLIED = new Set(['accept', 'accept-encoding', 'user-agent', 'content-length', 'host', 'connection']);

/** Single quotes as PowerShell knows them. */
const SINGLE = /['\u2018-\u201b]/g;
/** What means something between double quotes to one of the shells. */
const SPECIAL = /["\u201c-\u201e$`!\\]/;

function headerWord(name: string, value: string, redact: Redact, keyVariable: string): string {
  if (isHarmlessHeader(name)) return quoted(redact(`${name}: ${value}`));
  const scheme = /^(?:Bearer|Basic|Token)\s/i.exec(value)?.[0] ?? '';
  // Only between double quotes a variable is filled in.
  if (isSecretHeader(name) && !SPECIAL.test(name)) return `"${harmless(name)}: ${scheme}$${keyVariable}"`;
  return quoted(`${name}: ${scheme}REDACTED`);
}

/**
 * A word in quotes. The shells do not agree on how a quote is written between quotes of its kind: where the other kind
 * does not help either, a space takes its place.
 */
function quoted(text: string): string {
  const plain = harmless(text);
  if (plain.search(SINGLE) >= 0 && !SPECIAL.test(plain)) return `"${plain}"`;
  return `'${plain.replace(SINGLE, ' ')}'`;
}

/** Words as a line for a shell. */
export const commandLine = (words: readonly string[]): string =>
  words.map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : quoted(word))).join(' ');

/** Brackets and braces would be patterns to curl. */
function inUrl(url: string): string {
  const [origin = ''] = /^\w*:\/\/[^/]*/.exec(url) ?? [];
  return (
    origin + url.slice(origin.length).replace(/['[\]{}]/g, (sign) => `%${sign.charCodeAt(0).toString(16)}`)
  );
}

/**
 * JSON in which no text holds a quote or a backslash as such, which Windows PowerShell 5 would take for the end of a word;
 * neither does the model's name, which a server chooses, hold a space.
 */
function jsonText(body: unknown): string {
  const text = (value: unknown) =>
    JSON.stringify(value)
      .replace(/\\["\\]/g, (pair) => unicode(pair.slice(1)))
      .replace(/['\u2018-\u201e\u2028\u2029\p{Cc}\p{Cf}]/gu, unicode);
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return text(body);
  const fields = Object.entries(body).filter(([, value]) => value !== undefined);
  return `{${fields
    .map(([name, value]) => {
      const written = text(value);
      return `${text(name)}:${name === 'model' ? written.replaceAll(' ', unicode) : written}`;
    })
    .join(',')}}`;
}

function unicode(character: string): string {
  const units = Array.from({ length: character.length }, (_, at) => character.charCodeAt(at));
  return units.map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`).join('');
}

/** Control characters cannot be typed into a command line, and may move the cursor. */
function harmless(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, ' ');
}
