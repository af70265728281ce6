/** Servers that answer too much, for ever or not at all: the command ends in time, in little memory, and blames rightly. */
import { expect, it } from 'vitest';
import { choicesOf, chunkOf } from '../servers/edits.ts';
import type { Habits } from '../servers/habits.ts';
import { flood, oneLine } from '../servers/silence.ts';
import { lastchunk, reportOf, serving } from './lastchunk.ts';
import { MEASURED, MOST_MB, peakIn } from './peak-memory.ts';

const details = (of: number) =>
  Object.fromEntries(
    Array.from({ length: 30 }, (_, at) => [
      `details_${of}_${at}`,
      { [`${'x'.repeat(90)}${at}_tokens`]: 'v'.repeat(120) + at },
    ]),
  );
/** Hundreds of answers, each filled with all that may be kept of one. */
const overfull: Habits = {
  bytesPerWrite: 1 << 20,
  mapEvents: (list) =>
    list.flatMap((event) => {
      const chunk = chunkOf(event);
      if (chunk === undefined) return [event];
      return Array.from({ length: choicesOf(event).length > 0 ? 6 : 128 }, (_, at) => ({
        json: {
          ...chunk,
          id: `i${at}`.repeat(600),
          usage: {
            prompt_tokens: 'p'.repeat(100) + at,
            completion_tokens: 'c'.repeat(100) + at,
            ...details(at),
          },
        },
      }));
    }),
  mapBody: (body) => ({ ...body, pad: Array.from({ length: 1500 }, (_, at) => 'q'.repeat(4000) + at) }),
};
const manyChoices: Habits = {
  bytesPerWrite: 1 << 20,
  mapBody: (body) => ({
    ...body,
    choices: Array.from({ length: 100_000 }, (_, index) => ({ index, text: 'a' })),
  }),
};
const bomb: Habits = { gzip: true, mapBody: (body) => ({ ...body, pad: 'a'.repeat(200_000_000) }) };
const manyKeys: Habits = {
  bytesPerWrite: 1 << 20,
  mapBody: (body) => ({
    ...body,
    pad: Object.fromEntries(Array.from({ length: 400_000 }, (_, at) => [`key${at}`, at])),
  }),
};
const whole = (body: string): Habits => ({ instead: () => ({ status: 200, body }) });
const deep = whole(`{"a":${'['.repeat(300_000)}${']'.repeat(300_000)}}`);
const manyLines = whole(`${'data:\n'.repeat(1_000_000)}\n`);
const longName: Habits = {
  models: () => ({ status: 200, body: JSON.stringify({ data: [{ id: `${'a'.repeat(8_000_000)}я` }] }) }),
};

it.each([
  ['answers full to the brim', overfull, 1, 'standard'],
  ['a hundred thousand choices', manyChoices, 0, 'smoke'],
  ['streams that grow for ever', flood, 3, 'smoke'],
  ['a line without end', oneLine, 3, 'smoke'],
  ['gzip bombs', bomb, 0, 'smoke'],
  ['400,000 keys', manyKeys, 0, 'smoke'],
  ['300,000 levels', deep, 3, 'smoke'],
  ['an event of a million lines', manyLines, 3, 'smoke'],
  ["a model's name of 8 MB", longName, 3, 'smoke'],
] as const)('%s: in little memory, over with the report', async (_name, habits, status, suite) => {
  const server = await serving(habits);
  const begun = performance.now();
  const flags = [
    'check',
    server.url,
    '--api',
    'chat',
    '--suite',
    suite,
    '--timeout',
    '60s',
    '--format',
    'json',
  ];
  const ended = await lastchunk(flags, MEASURED);
  const took = performance.now() - begun;
  expect(ended.code).toBe(status);
  expect(peakIn(ended.stderr).megabytes).toBeLessThan(MOST_MB);
  // Nothing may keep the process once all is said.
  expect(took - reportOf(ended).durationMs).toBeLessThan(20_000);
});

it('a redirect is not followed; the key stays here', async () => {
  const elsewhere = await serving();
  const server = await serving({
    atDoor: (path) => ({ status: 307, headers: { location: `${elsewhere.url}${path}` }, body: '' }),
  });
  const flags = ['check', server.url, '--suite', 'smoke', '--api-key-env', 'KEY'];
  const ended = await lastchunk(flags, { KEY: 'sk-abcdef' });
  expect(ended.code).toBe(3);
  expect(ended.stdout.replace(/\s+/g, ' ')).toContain('a redirect to');
  expect(elsewhere.requests).toEqual([]);
});

it.each([
  ['HTML', { status: 200, headers: { 'content-type': 'text/html' }, body: '<html>hello</html>' }],
  ['garbage', { status: 200, body: Buffer.from([0, 255, 254, 13, 10, 27, 91, 50, 74]) }],
  ['a terminal escape', { status: 400, body: JSON.stringify({ error: '\u001b[2Jno' }) }],
])('%s everywhere reaches no terminal raw', async (_what, answer) => {
  const server = await serving({ instead: () => answer });
  const { code, stdout } = await lastchunk(['check', server.url, '--suite', 'smoke']);
  expect([1, 3]).toContain(code);
  expect(stdout).not.toMatch(/[\u0000-\u0009\u000b-\u001f]/);
});
