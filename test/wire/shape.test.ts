import { describe, expect, it } from 'vitest';
import { read } from './read.ts';
import { GOOD, sse } from './tiny-api.ts';

const good = sse(...GOOD);

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
