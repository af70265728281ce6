/** The command line of this run as a report may show it: what may be a key is taken out, whatever its length. */
import { arch, release, type } from 'node:os';
import { parseJson } from '../../model/json.ts';
import type { RunEnvironment } from '../../model/report.ts';
import { harmless } from '../../text/harmless.ts';
import {
  isHarmlessHeader,
  redactor,
  redactUrl,
  secretsOfBody,
  secretsOfEnvironment,
  secretsOfUrl,
  secretsOfWords,
} from '../../wire/redact.ts';

const HIDDEN = 'REDACTED';
const LONGEST = 2000;
const USER_IN_URL = /(?<=:)\/\/[^/?#\s@]*@/g;

/** How this run was started, and on what. */
export function runEnvironment(): RunEnvironment {
  return {
    command: shownCommand(process.argv.slice(2), process.env),
    node: process.version,
    os: `${type()} ${release()} ${arch()}`,
  };
}

/**
 * The words as a shell would take them, in one line.
 * @param env variables whose names say that they hold a key: their values are taken out wherever they stand
 */
export function shownCommand(
  words: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): string {
  const redact = withoutSecrets(words, env);
  const shown = words.map((word, i) => {
    const [, flag, value] = /^(--[\w-]+)=(.*)$/s.exec(word) ?? [];
    if (flag !== undefined && value !== undefined)
      return `${flag}=${quoted(redact(shownValue(flag, value)))}`;
    return quoted(redact(shownValue(words[i - 1] ?? '', word)));
  });
  return harmless(['lastchunk', ...shown].join(' '), LONGEST);
}

/** A function that takes out of a text what may be a key among these words, or in variables whose names say so. */
export function withoutSecrets(
  words: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): (text: string) => string {
  const inner = words.flatMap((word) => word.split(/[\s'"]+/));
  return redactor([
    ...secretsOfEnvironment(env),
    ...secretsOfWords(inner),
    ...words.flatMap((word) => secretsOfBody(parseJson(word))),
  ]);
}

function shownValue(flag: string, value: string): string {
  if (flag === '--api-key') return HIDDEN;
  if (flag === '--header') {
    const name = value.split(':', 1)[0] ?? '';
    return isHarmlessHeader(name.trim()) ? value : `${name}: ${HIDDEN}`;
  }
  const withoutUser = value.replace(USER_IN_URL, '//');
  // The same text as long as there is nothing to take out.
  return secretsOfUrl(withoutUser).length > 0 ? redactUrl(withoutUser) : withoutUser;
}

function quoted(word: string): string {
  return /^[\w@%+=:,./{}-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
