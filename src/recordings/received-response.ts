import { isUtf8 } from 'node:buffer';
import type { Ending, Reply } from '../model/exchange.ts';
import { keepAsIs, type Redact } from '../wire/bounded.ts';
import type { RawHeaders } from '../wire/headers.ts';
import { isSecretHeader } from '../wire/redact.ts';
import { inflated } from './inflated.ts';
import { MOST_PIECES } from './limits.ts';
import type { RecordedReply } from './recorded.ts';
import { isSendable } from './recording.ts';
import { redactedPieces, type TimedBytes } from './redacted-pieces.ts';
import { withoutSpelt } from './spelt-secrets.ts';
import { hasTooManyEvents } from './stream-events.ts';

/** Headers that describe the transfer and not the answer: a replay has its own. */
export const OF_THE_TRANSFER = new Set([
  'transfer-encoding',
  'content-length',
  'connection',
  'keep-alive',
  'date',
]);

/** Collects one response as it arrives, for a recording. */
export class ReceivedResponse {
  readonly #pieces: TimedBytes[] = [];
  /** Bytes after the last piece that is kept separately. */
  #rest: Buffer[] = [];
  #restMs = 0;
  #head: { readonly status: number; readonly headers: RawHeaders; readonly ms: number } | null = null;

  onHead(status: number, headers: RawHeaders, ms: number): void {
    this.#head = { status, headers, ms };
  }

  onBytes(bytes: Uint8Array, ms: number): void {
    if (this.#pieces.length < MOST_PIECES - 1) {
      this.#pieces.push({ ms, bytes: Buffer.from(bytes) });
      return;
    }
    this.#rest.push(Buffer.from(bytes));
    this.#restMs = ms;
    // Each small piece takes a hundred bytes beside its own.
    if (this.#rest.length === MOST_PIECES) this.#rest = [Buffer.concat(this.#rest)];
  }

  reply(reply: Reply, tookMs: number, redact: Redact, redactBody: Redact): RecordedReply {
    const head = this.#head;
    const headers = head === null ? {} : keptHeaders(head.headers, redact);
    const rest = { ms: this.#restMs, bytes: Buffer.concat(this.#rest) };
    const came = rest.bytes.length === 0 ? this.#pieces : [...this.#pieces, rest];
    const body = redactBody === keepAsIs ? { pieces: came, headers } : readThrough(came, headers, redactBody);
    const pieces = redactedPieces(body?.pieces ?? [], redactBody).map(
      ({ ms, bytes }): RecordedReply['pieces'][0] => [
        Math.round(ms),
        isUtf8(bytes) ? bytes.toString('utf8') : { base64: bytes.toString('base64') },
      ],
    );
    return {
      ...endOf(reply, redact),
      endMs: Math.round(reply.kind === 'response' ? reply.totalMs : tookMs),
      ...(head === null
        ? {}
        : { status: head.status, headMs: Math.round(head.ms), headers: body?.headers ?? headers }),
      pieces,
      ...(body === null ? { withheld: 'it cannot be read through, and a key may be in it' } : {}),
    };
  }
}

function endOf(reply: Reply, redact: Redact): Pick<RecordedReply, 'end' | 'message' | 'why'> {
  if (reply.kind !== 'response') return { end: reply.kind, message: redact(reply.message) };
  const { ending }: { readonly ending: Ending } = reply.body;
  const message = 'message' in ending ? { message: redact(ending.message) } : {};
  return { end: ending.kind, ...message, ...('why' in ending ? { why: ending.why } : {}) };
}

function keptHeaders(headers: RawHeaders, redact: Redact): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers)
      .filter(([name]) => !OF_THE_TRANSFER.has(name) && !isSecretHeader(name))
      .map(
        ([name, value]) => [name, redact(Array.isArray(value) ? value.join(', ') : (value ?? ''))] as const,
      )
      .filter(([name, value]) => isSendable(name, value)),
  );
}

interface ReadBody {
  readonly pieces: readonly TimedBytes[];
  readonly headers: Record<string, string>;
}

/**
 * Compressed bytes stay what they are, unless a secret is in them: no one could take it out.
 *
 * @returns null where what the bytes say is not known to the end: a secret may be in them
 */
function readThrough(
  pieces: readonly TimedBytes[],
  headers: Record<string, string>,
  redact: Redact,
): ReadBody | null {
  const last = pieces.at(-1);
  if (last === undefined) return { pieces, headers };
  const { 'content-encoding': coding, ...plain } = headers;
  const bytes = Buffer.concat(pieces.map((piece) => piece.bytes));
  // Some servers name a coding that they do not use.
  if (isText(bytes)) {
    const safe = takenApart(pieces, bytes, redact);
    return safe && { pieces: safe, headers };
  }
  const meant = coding === undefined ? null : inflated(bytes, coding);
  if (meant === null || !isText(meant)) return null;
  const whole = [{ ms: last.ms, bytes: meant }];
  const safe = takenApart(whole, meant, redact);
  if (safe === null) return null;
  const text = meant.toString('latin1');
  return safe === whole && redact(text) === text ? { pieces, headers } : { pieces: safe, headers: plain };
}

/** Without secrets that are spelt over events; null where there are too many, or one is nested deeper than the stack. */
function takenApart(
  pieces: readonly TimedBytes[],
  bytes: Buffer,
  redact: Redact,
): readonly TimedBytes[] | null {
  if (hasTooManyEvents(bytes)) return null;
  try {
    return withoutSpelt(pieces, redact);
  } catch {
    return null;
  }
}

const CONTROL = /[\0-\x08\x0e-\x1a\x1c-\x1f]/;

/** UTF-8 without control characters: what is compressed, or in a charset of two bytes a letter, is not. */
function isText(bytes: Buffer): boolean {
  try {
    // A last character that was cut off is waited for.
    return !CONTROL.test(new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: true }));
  } catch {
    return false;
  }
}
