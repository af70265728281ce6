/** How long a server is waited for. */
import { expect, it } from 'vitest';
import { chat } from '../../src/apis/chat.ts';
import { Pace } from '../../src/run/pace.ts';

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

it('waits for rate limits as they ask, or longer each time, 30 s in all', () => {
  const pace = new Pace(60_000);
  expect(pace.pauseAfter(503, { 'retry-after': '1' }, 0)).toBeNull();
  expect(pace.pauseAfter(429, {}, 0)).toBe(1000);
  expect(pace.pauseAfter(429, { 'retry-after': 'tomorrow' }, 1)).toBe(2000);
  expect(pace.pauseAfter(429, { 'retry-after': '28' }, 0)).toBeNull();
  expect(pace.pauseAfter(429, { 'retry-after': '27' }, 0)).toBe(27_000);
  expect(pace.pauseAfter(429, {}, 0)).toBeNull();
});
