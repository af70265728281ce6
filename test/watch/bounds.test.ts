/** What a server sends is bounded before it is held, and costs the same whatever the pieces. */
import { expect, it } from 'vitest';
import { MAX_EVENT_BYTES } from '../../src/watch/event-scanner.ts';
import { bytesOf, chatStream, chunk, event, USAGE, usageChunk, watchPieces, watchText } from './watched.ts';

const big = (bytes: number) => 'x'.repeat(bytes);
const rest = chatStream(['a']);

it.each([
  ['one line', event(chunk({ content: big(MAX_EVENT_BYTES) }))],
  ['many lines', `${`data: ${big(1000)}\n`.repeat(MAX_EVENT_BYTES / 1000 + 1)}\n`],
  ['a line in two pieces', event(big(2 * MAX_EVENT_BYTES))],
])('an event over the bound is not read: %s', (_, text) => {
  const pieces = [text.slice(0, 100_000), text.slice(100_000), rest].map(bytesOf);
  expect(watchPieces(pieces)).toMatchObject({
    usage: USAGE,
    unread: 1,
    end: 'complete',
    countable: false,
    problems: [],
  });
});

it('a comment over the bound is one', () => {
  expect(watchText(`: ${big(2 * MAX_EVENT_BYTES)}\n\n${rest}`)).toMatchObject({ unread: 0, usage: USAGE });
});

it('usage in an event that was not read is not missed', () => {
  const text = chatStream(['a'], { ...USAGE, more: big(MAX_EVENT_BYTES) });
  expect(watchText(text)).toMatchObject({ usage: null, unread: 1, problems: [] });
});

it('JSON that is nested too deep, or has too many values, is no chunk', () => {
  for (const data of [`{"a":${'['.repeat(5000)}${']'.repeat(5000)}}`, `{"a":[${'0,'.repeat(60_000)}0]}`])
    expect(watchText(event(data) + rest)).toMatchObject({ usage: USAGE, problems: [] });
});

it('a whole body over 8 MiB is not read', () => {
  const body = JSON.stringify({ choices: [], more: big(9 * 1024 * 1024) });
  expect(watchText(body)).toMatchObject({ usage: null, unread: 1, problems: [], end: 'cut' });
});

it('of many usages the last one counts', () => {
  const running = Array.from({ length: 5000 }, (_, at) => ({
    ...chunk({ content: 'a' }),
    usage: { prompt_tokens: 9, completion_tokens: at + 1, total_tokens: at + 10 },
  }));
  const usage = { prompt_tokens: 9, completion_tokens: 5000, total_tokens: 5009 };
  const text = [...running, chunk({}, 'stop'), usageChunk(usage), '[DONE]'].map(event).join('');
  expect(watchText(text)).toMatchObject({ usage, problems: ['usage-once'] });
});

it('usage in pieces that would have to be added up is none', () => {
  const piece = { prompt_tokens: 9, completion_tokens: 1, total_tokens: 10 };
  const pieces = Array.from({ length: 9 }, () => ({
    ...chunk({ content: 'a' }),
    usage: piece,
  }));
  const text = [...pieces, chunk({}, 'stop'), '[DONE]'].map(event).join('');
  expect(watchText(text)).toMatchObject({ usage: null, problems: ['usage-once', 'usage-last'] });
});

it('running counts of a stream that broke off are none', () => {
  const text = event({ ...chunk({ content: 'a' }), usage: USAGE });
  expect(watchText(text, {}, 'left')).toMatchObject({
    usage: null,
    reported: USAGE,
    end: 'left',
    problems: [],
  });
});

it('sizes of text tell what bounds its tokens', () => {
  const text = ['a', 'é', '', '漢字'].map((content) => event(chunk({ content }))).join('');
  const tool = event(chunk({ tool_calls: [{ index: 0, function: { name: 'f', arguments: '{}' } }] }));
  expect(watchText(text + tool).choices).toEqual([
    { index: 0, textChunks: 4, otherChunks: 1, textBytes: 12, spareBytes: 6, finishes: [] },
  ]);
});

it('a megabyte in single bytes takes no time', () => {
  const bytes = bytesOf(event(chunk({ content: big(1_000_000) })) + rest);
  const pieces = Array.from(bytes, (_, at) => bytes.subarray(at, at + 1));
  expect(watchPieces(pieces)).toMatchObject({ usage: USAGE, problems: [] });
});
