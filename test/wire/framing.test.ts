import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { read, readPieces, stream } from './read.ts';
import { finish, GOOD, sse, text, tinyLinesApi, usage } from './tiny-api.ts';

const good = sse(...GOOD);
const baseline = stream(good);

describe('what is never worth a remark', () => {
  it.each([
    ['CRLF', good.replaceAll('\n', '\r\n')],
    ['CR', good.replaceAll('\n', '\r')],
    ['a byte order mark', `\ufeff${good}`],
    ['comments', `: hi\n\n${good.replaceAll('data', ':\n: keep-alive\n\ndata')}`],
    [
      'retry, id, event lines',
      good.replaceAll('data', 'retry: 10\nretry: soon\nid: 7\nevent: message\ndata'),
    ],
    ['no space after the colon', good.replaceAll('data: ', 'data:')],
    ['several data lines', good.replaceAll('{"id":"x",', '{"id":"x",\ndata: ')],
    ['blank lines and lines of blanks', `\n\n  \n${good}\n \n\n`],
    ['no blank line after [DONE]', good.slice(0, -1)],
    ['no line break after [DONE]', good.slice(0, -2)],
  ])('%s', (_name, body) => {
    const facts = stream(body);
    expect(facts.remarks).toEqual([]);
    expect(facts.choices).toEqual(baseline.choices);
    expect(facts).toMatchObject({ events: 5, usageCount: 1, notJson: [], end: { index: 4 } });
  });

  it.each(['text/event-stream', 'Text/Event-Stream; charset=utf-8', 'text/event-stream;x=y'])(
    '%s',
    (contentType) => {
      expect(stream(good, { contentType }).remarks).toEqual([]);
    },
  );
});

describe('what is worth a remark', () => {
  const kinds = (body: string, options = {}) => stream(body, options).remarks.map((remark) => remark.kind);

  it('a wrong content type, or none', () => {
    expect(stream(good, { contentType: 'application/json; charset=utf-8' }).remarks).toEqual([
      { kind: 'content-type', detail: 'the content type application/json instead of text/event-stream' },
    ]);
    expect(kinds(good, { contentType: '' })).toEqual(['content-type']);
  });

  it('lines that are no field, counted', () => {
    expect(stream(`Data: x\n${good}junk\nfoo: bar\n`).remarks).toEqual([
      { kind: 'unknown-line', detail: '3 lines that are no field of SSE: "Data: x"' },
    ]);
  });

  it('no blank line after a last event that is not the marker', () => {
    expect(kinds(sse(text('a')).slice(0, -1))).toEqual(['no-final-blank-line']);
    expect(kinds(sse(text('a')).slice(0, -1), { ending: { kind: 'cut', message: 'x' } })).toEqual([]);
  });

  it('half an event at the end is nothing but that', () => {
    const facts = stream(sse(text('a'), text('b')).slice(0, -6));
    expect(facts).toMatchObject({ events: 1, notJson: [], remarks: [{ kind: 'no-final-blank-line' }] });
  });
});

describe('JSON lines', () => {
  const lines = [text('a'), finish('stop'), '{"usage":{"p":1,"c":1,"t":2},"done":true}'];
  const options = { api: tinyLinesApi, contentType: 'application/x-ndjson' };

  it.each(['\n', '\r\n', '\n\n'])('with %j between', (separator) => {
    const facts = stream(lines.join(separator) + separator, options);
    expect(facts).toMatchObject({ events: 3, remarks: [], usageCount: 1, end: { index: 2 } });
    expect(stream(lines.join(separator), options).remarks).toEqual([]);
  });

  it('a single line is a stream only where one was asked for', () => {
    const [line = ''] = lines;
    expect(read(line, options).kind).toBe('stream');
    expect(read(line, { ...options, streamAsked: false }).kind).toBe('json');
    expect(read(lines.join('\n'), { ...options, streamAsked: false }).kind).toBe('stream');
    expect(read('{\n"choices": []\n}', options).kind).toBe('json');
    expect(read(good, options).kind).toBe('text');
  });

  it('too long a line stops the body', () => {
    const body = read(`${lines[0]}\n{"x":"${'y'.repeat(5000)}`, { ...options, lineLength: 1000 });
    expect(body).toMatchObject({ kind: 'stream', ending: { kind: 'stopped', why: 'too-large' } });
  });
});

describe('the shape of a body', () => {
  it.each([
    ['', 'empty'],
    [' \r\n\n', 'empty'],
    ['{"choices":[]}', 'json'],
    ['{\n "choices": []\n}\n', 'json'],
    ['[1]', 'json'],
    ['null', 'json'],
    ['<html>', 'text'],
    ['error: model not found', 'text'],
    ['{"choices":[', 'text'],
    ['datum: 1', 'text'],
    [': ping\n\n', 'stream'],
    ['id: 1\n\n', 'stream'],
    ['event: ping\n\n', 'stream'],
    ['data: {}', 'stream'],
    ['error: {"message":"x"}', 'stream'],
    [`oops\n${good}`, 'stream'],
    [`{"error":"x"}\n\n${good}`, 'stream'],
  ])('%j → %s', (body, kind) => {
    expect(read(body, { contentType: 'text/plain' }).kind).toBe(kind);
  });

  it('is whole where nothing is to be folded', () => {
    expect(read(good, { api: null })).toEqual({ kind: 'text', ending: { kind: 'clean' }, text: good });
    expect(read('{"a":[1]}', { api: null })).toMatchObject({
      kind: 'json',
      value: { a: [1] },
      text: '{"a":[1]}',
    });
  });

  it('a JSON answer has its facts', () => {
    const body = read(
      '{"id":"x","choices":[{"i":0,"text":"Hi","finish":"stop"}],"usage":{"p":1,"c":1,"t":2}}',
    );
    expect(body).toMatchObject({
      kind: 'json',
      answer: {
        usage: { kind: 'value' },
        counts: { total: 2 },
        choices: [{ text: 'Hi', finishes: ['stop'] }],
        envelope: { id: 'x' },
      },
    });
    expect(read('{"error":"x"}')).toMatchObject({ kind: 'json', answer: { choices: null, counts: null } });
  });

  it('too many values, too many bytes: stopped', () => {
    const many = read(`[${'{},'.repeat(600_000)}{}]`, { contentType: 'application/json' });
    expect(many).toMatchObject({ kind: 'text', ending: { kind: 'stopped', why: 'too-large' } });
    const big = read(Buffer.alloc(9 * 1024 * 1024, 'a'));
    expect(big.ending).toMatchObject({
      kind: 'stopped',
      why: 'too-large',
      message: expect.stringContaining('8 MiB'),
    });
  });

  it('big JSON leaves its facts and little else', () => {
    const body = read(JSON.stringify({ choices: [{ i: 0, text: 'y'.repeat(100_000) }] }));
    if (body.kind !== 'json') throw new Error(body.kind);
    expect(body.value).toBeNull();
    expect(body.text.length).toBeLessThanOrEqual(16 * 1024);
    expect(body.answer.choices?.[0]?.textLength).toBe(100_000);
  });
});

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
