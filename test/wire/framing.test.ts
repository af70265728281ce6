import { describe, expect, it } from 'vitest';
import { read, stream } from './read.ts';
import { finish, GOOD, sse, text, tinyLinesApi } from './tiny-api.ts';

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
