/** Streams of server-sent events that never end, and lines that are larger than any event. */
import { describe } from 'vitest';
import { type Attack, PATIENCE_MS, survives } from './attack.ts';
import { HEAD, pouring, STREAM } from './pouring.ts';

const BEGINNING = STREAM.slice(0, STREAM.indexOf('\n\n') + 2);
const USAGE = STREAM.split('\n\n').at(2) ?? '';

const flood = (name: string, again: string | Buffer, first: string | Buffer = BEGINNING): Attack => ({
  name,
  habits: pouring(Buffer.concat([Buffer.from(`${HEAD}\r\n`), Buffer.from(first)]), again),
  code: 3,
  timeoutMs: PATIENCE_MS,
});
const event = (fields: object) =>
  `data: ${JSON.stringify({ id: 'a', model: 'toy', created: 1, ...fields })}\n\n`;
const choice = (fields: object) => event({ choices: [{ index: 0, finish_reason: null, ...fields }] });
const much = (text: string) => text.repeat(Math.ceil(200_000 / text.length));

describe('nothing, for ever', () =>
  survives([
    flood('comments', much(': still thinking\n\n')),
    flood('comments before the first event', much(': still thinking\n\n'), ''),
    flood('blank lines', much('\n')),
    flood('carriage returns', much('\r')),
    flood('events without data', much('data:\n\n')),
    flood('event names', much('event: message\n')),
    flood('ids', much('id: 1\n')),
    flood('retries', much('retry: 0\n\n')),
    flood('fields that no one knows', much('what: ever\n')),
    flood('byte order marks', much('\ufeff')),
    flood('NULs', much('\0')),
    flood('bytes that are no UTF-8', Buffer.alloc(200_000, 0xff)),
    flood('role chunks', much(choice({ delta: { role: 'assistant', content: '' } }))),
    flood('empty chunks', much('data: {}\n\n')),
  ]));

describe('something, for ever', () =>
  survives([
    flood('data lines of one event', much('data: a\n')),
    flood('one line', much('a')),
    flood('one event', much('a'), 'data: {"choices":[{"index":0,"delta":{"content":"'),
    flood('an escape that doubles', much('\\u00e9'), 'data: {"choices":[{"index":0,"delta":{"content":"'),
    flood(
      'choices of ever new indexes',
      Array.from({ length: 2000 }, (_, at) =>
        event({ choices: [{ index: at, delta: { content: 'a' } }] }),
      ).join(''),
    ),
    flood(
      'tool calls',
      much(choice({ delta: { tool_calls: [{ index: 9, function: { name: 'f', arguments: '{' } }] } })),
    ),
    flood('finish reasons', much(choice({ delta: {}, finish_reason: 'stop' }))),
    flood('usages', much(`${USAGE}\n\n`)),
    flood('errors', much(event({ error: { message: 'no' } }))),
    flood('end markers', much('data: [DONE]\n\n')),
    flood('anything after the end', much(choice({ delta: { content: 'more' } })), STREAM),
  ]));
