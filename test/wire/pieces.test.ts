import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readPieces } from './read.ts';
import { finish, text, tinyLinesApi, usage } from './tiny-api.ts';

/** Cuts bytes at these places. */
function cut(bytes: Uint8Array, places: readonly number[]): Uint8Array[] {
  const at = [...new Set(places.map((place) => place % (bytes.length + 1)))].sort((a, b) => a - b);
  return [0, ...at].map((start, i) => bytes.subarray(start, at[i] ?? bytes.length));
}

const datum = fc.oneof(
  fc.string({ unit: 'grapheme' }).map((each) => text(each)),
  fc.constantFrom(
    usage(3, 2),
    finish('stop'),
    '[DONE]',
    '{"error":"e"}',
    'null',
    '',
    'oops',
    '{"usage":null}',
  ),
);
const line = fc.oneof(
  { weight: 6, arbitrary: datum.map((data) => `data: ${data}`) },
  fc.constantFrom(
    '',
    ': c',
    'id: 1',
    'event: e',
    'error: {"message":"m"}',
    '{"error":"bare"}',
    'junk',
    'data',
    'retry: 5',
  ),
);
const lines = fc.array(fc.tuple(line, fc.constantFrom('\n', '\r\n', '\r', '\n\n', '\r\n\r\n', '\r\r', '')), {
  maxLength: 30,
});
const bodies = lines.map((all) => Buffer.from(all.map(([each, end]) => each + end).join('')));
const places = fc.array(fc.nat(), { maxLength: 20 });

describe('whatever the pieces', () => {
  it('the same bytes give the same facts', () => {
    fc.assert(
      fc.property(bodies, places, (bytes, at) => {
        expect(readPieces(cut(bytes, at))).toEqual(readPieces([bytes]));
        expect(readPieces(cut(bytes, [...bytes.keys()]))).toEqual(readPieces([bytes]));
      }),
      { numRuns: 300 },
    );
  });

  it('the same JSON lines give the same facts', () => {
    const json = fc.array(fc.tuple(datum, fc.constantFrom('\n', '\r\n', '\n\n')), { maxLength: 20 });
    fc.assert(
      fc.property(json, places, fc.boolean(), (all, at, streamAsked) => {
        const bytes = Buffer.from(all.map(([each, end]) => each + end).join(''));
        const options = { api: tinyLinesApi, streamAsked };
        expect(readPieces(cut(bytes, at), options)).toEqual(readPieces([bytes], options));
      }),
      { numRuns: 300 },
    );
  });

  it('random bytes never throw', () => {
    const api = fc.constantFrom(undefined, tinyLinesApi, null);
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 400 }),
        places,
        api,
        fc.boolean(),
        (bytes, at, which, prefixed) => {
          const body = prefixed ? Buffer.concat([Buffer.from('data: '), bytes]) : bytes;
          const options = which === undefined ? {} : { api: which };
          const whole = readPieces([body], options);
          expect(readPieces(cut(body, at), options)).toEqual(whole);
          expect(['stream', 'json', 'text', 'empty']).toContain(whole.kind);
        },
      ),
      { numRuns: 500 },
    );
  });
});
