import type { SentRequest } from '../model/exchange.ts';
import { isSecretHeader, redactUrl } from './redact.ts';

/**
 * A command for POSIX shells that repeats a request. Secrets are replaced by `$KEY`, which the shell fills in where the
 * variable is set. Holds no control characters; printable on one line.
 */
export function curlCommand(request: SentRequest, headers: Readonly<Record<string, string>>): string {
  const words = ['curl', '-N', quoted(redactUrl(request.url))];
  for (const [name, value] of Object.entries(headers)) {
    if (IMPLIED.has(name.toLowerCase())) continue;
    words.push('-H', headerWord(name, value));
  }
  if (request.body !== null) {
    const body = typeof request.body === 'string' ? request.body : JSON.stringify(request.body);
    words.push('-d', quoted(body));
  }
  return words.join(' ');
}

/** What curl sends by itself, or what only matters to this program. */
const IMPLIED = new Set(['accept', 'accept-encoding', 'user-agent', 'content-length', 'host', 'connection']);

function headerWord(name: string, value: string): string {
  if (!isSecretHeader(name)) return quoted(`${name}: ${value}`);
  const scheme = /^(Bearer|Basic|Token)\s/i.exec(value)?.[1];
  return `"${harmless(name)}: ${scheme === undefined ? '' : `${scheme} `}$KEY"`;
}

/** Single quotes: the shell reads nothing in them but their end. */
function quoted(text: string): string {
  return `'${harmless(text).replaceAll("'", "'\\''")}'`;
}

/** Control characters cannot be typed into a command line (and may move the cursor); JSON escapes them already. */
function harmless(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, ' ');
}
