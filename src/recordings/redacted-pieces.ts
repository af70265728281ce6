/** Takes secrets out of the bytes of a body, also where one came in two pieces. Pure. */
import { apis } from '../apis/index.ts';
import type { Redact } from '../wire/bounded.ts';
import { redactor } from '../wire/redact.ts';

/** Bytes with their ms offset. */
export interface TimedBytes {
  readonly ms: number;
  readonly bytes: Buffer;
}

/** Words of the protocols: a key that is part of them ("data", "null") would maim every body. */
const PROTOCOL = [
  'data: event: error id retry null true false',
  ...[...apis.values()].map(({ vocabulary }) => vocabulary),
].join(' ');

/** Longer secrets that are split between pieces are not found. */
const WINDOW = 4096;

/** For texts in which each character is a byte. */
export function bodyRedactor(secrets: readonly string[]): Redact {
  const real = secrets.filter((secret) => !PROTOCOL.includes(secret) && !/^\d{1,7}$/.test(secret));
  return redactor(real.flatMap((secret) => [secret, Buffer.from(secret).toString('latin1')]));
}

/** @param redact of `bodyRedactor`; pieces between which a secret is split become one */
export function redactedPieces(pieces: readonly TimedBytes[], redact: Redact): readonly TimedBytes[] {
  const texts = pieces.map(({ bytes }) => bytes.toString('latin1'));
  const split = splitBefore(texts, redact);
  if (split === null) return pieces;
  const whole: Array<{ ms: number; text: string }> = [];
  for (const [at, { ms }] of pieces.entries()) {
    const text = texts[at] ?? '';
    const last = whole.at(-1);
    if (last !== undefined && split[at]) {
      last.text += text;
      last.ms = ms;
    } else whole.push({ ms, text });
  }
  return whole.map(({ ms, text }) => ({ ms, bytes: Buffer.from(redact(text), 'latin1') }));
}

/** For each of some texts in a row, whether a secret runs into it from those before; null where there is none at all. */
export function splitBefore(texts: readonly string[], redact: Redact): readonly boolean[] | null {
  const whole = texts.join('');
  if (redact(whole) === whole) return null;
  let at = 0;
  return texts.map((text) => {
    const before = whole.slice(Math.max(0, at - WINDOW), at);
    const after = whole.slice(at, at + WINDOW);
    at += text.length;
    return redact(before + after) !== redact(before) + redact(after);
  });
}
