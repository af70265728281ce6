import { isUtf8 } from 'node:buffer';
import type { Ending, Reply } from '../model/exchange.ts';
import type { Redact } from '../wire/bounded.ts';
import { isSecretHeader } from '../wire/redact.ts';
import type { RawHeaders } from '../wire/response-headers.ts';
import { isSendable, type RecordedReply } from './recording.ts';
import { inflated, redactedPieces, type TimedBytes } from './redacted-pieces.ts';
import { withoutSpelt } from './spelt-secrets.ts';

/** Headers that describe the transfer and not the answer: a replay has its own. */
export const OF_THE_TRANSFER = new Set([
  'transfer-encoding',
  'content-length',
  'connection',
  'keep-alive',
  'date',
]);

/** One response as it came. */
export class Heard {
  readonly #pieces: TimedBytes[] = [];
  #head: { readonly status: number; readonly headers: RawHeaders; readonly ms: number } | null = null;

  onHead(status: number, headers: RawHeaders, ms: number): void {
    this.#head = { status, headers, ms };
  }

  onBytes(bytes: Uint8Array, ms: number): void {
    this.#pieces.push({ ms, bytes: Buffer.from(bytes) });
  }

  reply(reply: Reply, tookMs: number, redact: Redact, redactBody: Redact): RecordedReply {
    const head = this.#head;
    const headers = head === null ? {} : keptHeaders(head.headers, redact);
    const body = readable(this.#pieces, headers, redactBody);
    const pieces = redactedPieces(body.pieces, redactBody).map(
      ({ ms, bytes }): RecordedReply['pieces'][0] => [
        Math.round(ms),
        isUtf8(bytes) ? bytes.toString('utf8') : { base64: bytes.toString('base64') },
      ],
    );
    return {
      ...endOf(reply, redact),
      endMs: Math.round(reply.kind === 'response' ? reply.totalMs : tookMs),
      ...(head === null ? {} : { status: head.status, headMs: Math.round(head.ms), headers: body.headers }),
      pieces,
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

/** Compressed bytes stay what they are, unless a secret is in them: no one could take it out. */
function readable(pieces: readonly TimedBytes[], headers: Record<string, string>, redact: Redact) {
  const { 'content-encoding': coding, ...plain } = headers;
  const last = pieces.at(-1);
  if (coding === undefined || last === undefined) return { pieces: withoutSpelt(pieces, redact), headers };
  const bytes = inflated(Buffer.concat(pieces.map((piece) => piece.bytes)), coding);
  if (bytes === null) return { pieces, headers };
  const whole = [{ ms: last.ms, bytes }];
  const text = bytes.toString('latin1');
  const safe = withoutSpelt(whole, redact);
  return safe === whole && redact(text) === text ? { pieces, headers } : { pieces: safe, headers: plain };
}
