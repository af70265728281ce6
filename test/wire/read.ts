import type { Api } from '../../src/model/api.ts';
import type { Body, Ending, StreamFacts } from '../../src/model/exchange.ts';
import { type BodyOptions, BodyReader } from '../../src/wire/body.ts';
import { tinyApi } from './tiny-api.ts';

export interface Reading extends Partial<BodyOptions> {
  readonly api?: Api | null;
  readonly ending?: Ending;
}

const CLEAN: Ending = { kind: 'clean' };

/** A body read from these pieces, all at 0 ms. */
export function readPieces(pieces: readonly Uint8Array[], reading: Reading = {}): Body {
  const { ending = CLEAN, ...options } = reading;
  const reader = new BodyReader({
    api: tinyApi,
    contentType: 'text/event-stream',
    streamAsked: true,
    ...options,
  });
  for (const piece of pieces) if (reader.push(piece, 0) !== null) break;
  return reader.finish(ending, 0);
}

export function read(text: string | Uint8Array, reading: Reading = {}): Body {
  return readPieces([typeof text === 'string' ? Buffer.from(text) : text], reading);
}

export function stream(text: string | Uint8Array, reading: Reading = {}): StreamFacts {
  const body = read(text, reading);
  if (body.kind !== 'stream') throw new Error(`no stream but ${JSON.stringify(body)}`);
  return body.stream;
}
