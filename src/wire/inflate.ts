import type { Transform } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate, createInflateRaw } from 'node:zlib';

export interface InflaterEvents {
  /** Decoded bytes; false where no more are wanted. */
  bytes(bytes: Uint8Array): boolean;
  /** There is room again for `write`. */
  drained(): void;
  /** The bytes are not what the coding says, or end too early. */
  fault(message: string): void;
}

/** Undoes a content coding, piece by piece and without buffering what comes out. */
export interface Inflater {
  /** Takes encoded bytes; false where `drained` is to be waited for before the next. */
  write(bytes: Uint8Array): boolean;
  /** The encoded bytes are over; `done` is called once everything came out, or a fault was told. */
  end(done: () => void): void;
  /** Throws away what is still inside. */
  destroy(): void;
}

/** null for identity and for codings that are not known (their bytes are then taken as they are). */
export function inflater(contentEncoding: string, events: InflaterEvents): Inflater | null {
  const coding = contentEncoding.trim().toLowerCase();
  if (!['gzip', 'x-gzip', 'deflate', 'br'].includes(coding)) return null;
  let stream: Transform | null = null;

  function open(first: Uint8Array): Transform {
    const transform = decoder(coding, first);
    transform.on('data', (bytes: Buffer) => {
      if (!events.bytes(bytes)) transform.destroy();
    });
    transform.on('drain', () => events.drained());
    transform.on('error', (error) => events.fault(`damaged ${coding} body: ${error.message}`));
    // Whoever waits for room would wait forever.
    transform.on('close', () => events.drained());
    return transform;
  }

  return {
    write(bytes) {
      stream ??= open(bytes);
      return stream.destroyed || stream.write(bytes);
    },
    end(done) {
      if (stream === null || stream.closed) {
        done();
        return;
      }
      stream.once('close', done);
      if (!stream.destroyed) stream.end();
    },
    destroy() {
      stream?.destroy();
    },
  };
}

function decoder(coding: string, first: Uint8Array): Transform {
  if (coding === 'br') return createBrotliDecompress();
  if (coding !== 'deflate') return createGunzip();
  // "deflate" means zlib's format, but some servers send it bare: zlib's first byte ends in 8.
  return ((first[0] ?? 0) & 0x0f) === 8 ? createInflate() : createInflateRaw();
}
