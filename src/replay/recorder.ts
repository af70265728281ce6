import { isUtf8 } from 'node:buffer';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isSecretHeader } from '../wire/redact.ts';
import type { Tap } from '../wire/send.ts';
import { EXCHANGES_FILE, HEAD_FILE, type RecordedExchange, type RecordingHead } from './recording.ts';

type Piece = RecordedExchange['reply']['pieces'][number];

/** Headers that describe the transfer and not the answer: a replay has its own. */
const OF_THE_TRANSFER = new Set(['transfer-encoding', 'content-length', 'connection', 'keep-alive', 'date']);

/** Collects exchanges in the order in which they were sent. Keys are never kept: request headers are not recorded. */
export class Recorder {
  readonly #exchanges: RecordedExchange[] = [];

  tap(request: { readonly method: string; readonly path: string; readonly body: unknown }): Tap {
    const pieces: Piece[] = [];
    const reply: RecordedExchange['reply'] = { end: 'silent', endMs: 0, pieces };
    this.#exchanges.push({ ...request, reply });
    return {
      onHead(status, headers, ms) {
        reply.status = status;
        reply.headMs = Math.round(ms);
        reply.headers = Object.fromEntries(
          Object.entries(headers)
            .filter(([name]) => !OF_THE_TRANSFER.has(name) && !isSecretHeader(name))
            .map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : (value ?? '')]),
        );
      },
      onBytes(bytes, ms) {
        const data = Buffer.from(bytes);
        pieces.push([
          Math.round(ms),
          isUtf8(data) ? data.toString('utf8') : { base64: data.toString('base64') },
        ]);
      },
      onEnd(kind, ms) {
        reply.end = kind;
        reply.endMs = Math.round(ms);
      },
    };
  }

  /** Writes the folder. @throws where it can't be written */
  write(folder: string, head: Omit<RecordingHead, 'format' | 'version'>): void {
    mkdirSync(folder, { recursive: true });
    const whole: RecordingHead = { format: 'lastchunk-recording', version: 1, ...head };
    writeFileSync(
      join(folder, EXCHANGES_FILE),
      this.#exchanges.map((exchange) => `${JSON.stringify(exchange)}\n`).join(''),
    );
    writeFileSync(join(folder, HEAD_FILE), `${JSON.stringify(whole, null, 1)}\n`);
  }
}
