/** Takes secrets out of the bytes of a body, also where one came in two pieces. Pure. */
import { brotliDecompressSync, gunzipSync, inflateRawSync, inflateSync } from 'node:zlib';
import type { Redact } from '../wire/bounded.ts';
import { redactor } from '../wire/redact.ts';

/** Bytes with their ms offset. */
export interface TimedBytes {
  readonly ms: number;
  readonly bytes: Buffer;
}

/** Words of the protocol: a key that is part of them ("data", "null") would maim every body. */
const PROTOCOL =
  'data: event: error id retry [DONE] null true false chat.completion.chunk text_completion object created model choices ' +
  'index delta message content role assistant text logprobs finish_reason stop length tool_calls function arguments name ' +
  'usage prompt_tokens completion_tokens total_tokens prompt_tokens_details cached_tokens list data type detail code param';

/** Longer secrets that are split between pieces are not found. */
const WINDOW = 4096;
const MOST_INFLATED = 64 * 1024 * 1024;

/** For texts in which each character is a byte. */
export function bodyRedactor(secrets: readonly string[]): Redact {
  const real = secrets.filter((secret) => !PROTOCOL.includes(secret) && !/^\d{1,7}$/.test(secret));
  return redactor(real.flatMap((secret) => [secret, Buffer.from(secret).toString('latin1')]));
}

/** @param redact of `bodyRedactor`; pieces between which a secret is split become one */
export function redactedPieces(pieces: readonly TimedBytes[], redact: Redact): readonly TimedBytes[] {
  const whole = Buffer.concat(pieces.map(({ bytes }) => bytes)).toString('latin1');
  if (redact(whole) === whole) return pieces;
  const texts: Array<{ ms: number; text: string }> = [];
  let at = 0;
  for (const { ms, bytes } of pieces) {
    const text = bytes.toString('latin1');
    const before = whole.slice(Math.max(0, at - WINDOW), at);
    const after = whole.slice(at, at + WINDOW);
    const last = texts.at(-1);
    if (last !== undefined && redact(before + after) !== redact(before) + redact(after)) {
      last.text += text;
      last.ms = ms;
    } else texts.push({ ms, text });
    at += bytes.length;
  }
  return texts.map(({ ms, text }) => ({ ms, bytes: Buffer.from(redact(text), 'latin1') }));
}

/** A compressed body as it was meant; null where it is damaged, or in a coding that is not known. */
export function inflated(bytes: Buffer, coding: string): Buffer | null {
  const most = { maxOutputLength: MOST_INFLATED };
  try {
    switch (coding.trim().toLowerCase()) {
      case 'gzip':
      case 'x-gzip':
        return gunzipSync(bytes, most);
      case 'br':
        return brotliDecompressSync(bytes, most);
      case 'deflate':
        return ((bytes[0] ?? 0) & 0x0f) === 8 ? inflateSync(bytes, most) : inflateRawSync(bytes, most);
      default:
        return null;
    }
  } catch {
    return null;
  }
}
