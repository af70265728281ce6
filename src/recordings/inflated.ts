import { brotliDecompressSync, gunzipSync, inflateRawSync, inflateSync, type ZlibOptions } from 'node:zlib';
import { MOST_INFLATED } from './limits.ts';

type Inflate = (bytes: Buffer, options: ZlibOptions) => unknown;

/** What zlib returns where it is asked for `info`. */
interface Informed {
  readonly buffer: Buffer;
  /** `bytesWritten`: encoded bytes that it took. */
  readonly engine: { readonly bytesWritten: number };
}

/**
 * A compressed body as it was meant; null where it is damaged, cut off or too large, where more comes behind it, and in a
 * coding that is not known.
 */
export function inflated(bytes: Buffer, coding: string): Buffer | null {
  const inflate = inflateOf(coding.trim().toLowerCase(), bytes);
  if (inflate === null) return null;
  try {
    const { buffer, engine } = inflate(bytes, { maxOutputLength: MOST_INFLATED, info: true }) as Informed;
    return engine.bytesWritten === bytes.length ? buffer : null;
  } catch {
    return null;
  }
}

function inflateOf(coding: string, [first = 0]: Buffer): Inflate | null {
  switch (coding) {
    case 'gzip':
    case 'x-gzip':
      return gunzipSync;
    case 'br':
      return brotliDecompressSync;
    case 'deflate':
      return (first & 0x0f) === 8 ? inflateSync : inflateRawSync;
    default:
      return null;
  }
}
