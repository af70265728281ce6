/** How long a server is waited for. */
import { expect, it } from 'vitest';
import { chat } from '../../src/apis/chat.ts';
import type { Exchange } from '../../src/model/exchange.ts';
import { Pace } from '../../src/run/pace.ts';
import { Session } from '../../src/run/session.ts';
import type { Wire } from '../../src/wire/send.ts';
import { SETTINGS, targetAt } from './settings.ts';

const body = { max_tokens: 256 };

it('waits five times as long as the slowest first byte took, 15 s at least and never over the time-out', () => {
  const pace = new Pace(60_000);
  expect(pace.patience()).toBe(15_000);
  pace.began(6000);
  pace.began(10);
  expect(pace.patience()).toBe(30_000);
  pace.began(50_000);
  expect(pace.patience()).toBe(60_000);
  expect(new Pace(1000).patience()).toBe(1000);
});

it('gives a whole answer twice what a stream of the same length took', () => {
  const pace = new Pace(60_000);
  pace.ended(chat, 'nonstream', body, 50_000);
  expect(pace.limits(chat, 'nonstream', body)).toEqual({ firstByteMs: 15_000, idleMs: 15_000 });
  pace.ended(chat, 'stream', body, 20_000);
  expect(pace.limits(chat, 'nonstream', body).firstByteMs).toBe(40_000);
  expect(pace.limits(chat, 'nonstream', { max_tokens: 8 }).firstByteMs).toBe(15_000);
  expect(pace.limits(chat, 'stream', body).firstByteMs).toBe(15_000);
});

const refusal = (headers: Readonly<Record<string, string>> = {}, totalMs = 0, status = 429) => ({
  status,
  headers,
  totalMs,
});

it('waits for rate limits as they ask, or longer each time, 30 s in all', () => {
  const pace = new Pace(60_000);
  expect(pace.pauseAfter(refusal({ 'retry-after': '1' }, 0, 503), 0)).toBeNull();
  expect(pace.pauseAfter(refusal({}, 0, 503), 0)).toBeNull();
  expect(pace.pauseAfter(refusal(), 0)).toBe(1000);
  expect(pace.pauseAfter(refusal({ 'retry-after': 'tomorrow' }), 1)).toBe(2000);
  expect(pace.pauseAfter(refusal({ 'retry-after': '28' }), 0)).toBeNull();
  expect(pace.pauseAfter(refusal({ 'retry-after': '27' }), 0)).toBe(27_000);
  expect(pace.pauseAfter(refusal(), 0)).toBeNull();
});

it('spends the time that refusals take', () => {
  const pace = new Pace(60_000);
  expect(pace.pauseAfter(refusal({}, 14_000), 0)).toBe(1000);
  expect(pace.pauseAfter(refusal({}, 14_000), 0)).toBe(1000);
  expect(pace.pauseAfter(refusal({}, 1), 0)).toBeNull();
});

it('sends a request ten times more at most', () => {
  const pace = new Pace(60_000);
  const now = refusal({ 'retry-after': '0' });
  expect(Array.from({ length: 12 }, (_, tries) => pace.pauseAfter(now, tries))).toEqual([
    ...Array.from({ length: 10 }, () => 1000),
    null,
    null,
  ]);
});

const DATE = 'Wed, 21 Oct 2026 07:28:00 GMT';

it.each([
  ['1e-300', 1000],
  ['0.001', 1000],
  ['0', 1000],
  ['-0', 1000],
  ['-5', 1000],
  ['-Infinity', 1000],
  ['NaN', 1000],
  ['', 1000],
  [' ', 1000],
  ['1.5', 1500],
  ['Wed, 21 Oct 2015 07:28:00 GMT', 1000],
  ['Wed, 21 Oct 2026 07:28:09 GMT', 9000],
  ['Wed, 21 Oct 2099 07:28:00 GMT', null],
  ['Infinity', null],
  ['1e308', null],
  ['9'.repeat(256), null],
])('retry-after: %s → a pause of %j ms', (said, pause) => {
  expect(new Pace(60_000).pauseAfter(refusal({ 'retry-after': said, date: DATE }), 0)).toBe(pause);
});

it('a date says nothing where the server does not tell its own time', () => {
  expect(new Pace(60_000).pauseAfter(refusal({ 'retry-after': DATE }), 2)).toBe(4000);
});

it.each(['1e-300', '0.001', '0', '-1'])('retry-after: %s for ever is no endless flood', async (said) => {
  let sent = 0;
  const reply: Exchange['reply'] = {
    ...{ kind: 'response', status: 429, contentType: '', headers: { 'retry-after': said } },
    ...{ headMs: 0, totalMs: 0, body: { kind: 'empty', ending: { kind: 'clean' } } },
  };
  const send: Wire['send'] = (request) => {
    sent += 1;
    if (sent > 1000) throw new Error('a flood');
    return Promise.resolve({ request, reply, curl: '' });
  };
  const transport = { live: false, open: () => ({ send, close: () => Promise.resolve() }) };
  const session = new Session(targetAt('http://127.0.0.1:1'), { ...SETTINGS, transport });
  for (let n = 1; n <= 20; n += 1) await session.ask(chat, 'stream', body, 'a case');
  // Each once, and as often again as 30 s have pauses of a second.
  expect(sent).toBe(20 + 30);
});
