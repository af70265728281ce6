/** Answers that are small on the wire and large in memory: the command stays below its bound with each. */

import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { folder, serving } from '../cli/lastchunk.ts';
import { MOST_MB } from '../cli/peak-memory.ts';
import type { Habits } from '../servers/habits.ts';
import { command } from './command.ts';
import { expectHarmlessText } from './outputs.ts';
import { HEAD, pouring, saying } from './pouring.ts';
import { WHOLE } from './whole.ts';

const MIB = 1024 * 1024;

const inStream = (event: string): Habits => saying(`${HEAD}\r\n${event}`);
const inBody = (body: string): Habits => ({
  instead: ({ mode }) =>
    mode === 'stream' ? undefined : { status: 200, headers: { 'content-type': 'application/json' }, body },
});
const keys = (count: number) => Array.from({ length: count }, (_, at) => `"k${at}":0`).join(',');
const deep = (levels: number) => '['.repeat(levels) + ']'.repeat(levels);
const EMPTY_MEMBERS = Buffer.concat(Array.from({ length: 3000 }, () => gzipSync('')));

const answers: Readonly<Record<string, Habits>> = {
  '400,000 keys in one object': inBody(`{"choices":[],"usage":{${keys(400_000)}}}`),
  '50,000 keys in one event': inStream(`data: {"choices":[],"usage":{${keys(50_000)}}}\n\n`),
  'lists 300,000 deep': inBody(`{"choices":${deep(300_000)}}`),
  'a million values': inBody(`{"choices":[${'0,'.repeat(1_000_000)}0]}`),
  'a million objects': inBody(`{"choices":[${'{},'.repeat(1_000_000)}{}]}`),
  'a million data lines in one event': inStream('data: a\n'.repeat(1_000_000)),
  '8 MB with one letter that is not Latin': inBody(`{"choices":[],"pad":"${'a'.repeat(8 * MIB - 100)}語"}`),
  '8 MB of escapes': inBody(`{"choices":[],"pad":"${'\\u00e9'.repeat(1_300_000)}"}`),
  '8 MB that are no JSON': inBody(`{"choices":[],"pad":"${'a'.repeat(8 * MIB - 100)}`),
  'a model with a name of 8 MB': {
    models: () => ({ status: 200, body: JSON.stringify({ data: [{ id: 'm'.repeat(8 * MIB - 100) }] }) }),
  },
  'ten thousand models': {
    models: () => ({
      status: 200,
      body: JSON.stringify({
        data: Array.from({ length: 10_000 }, (_, at) => ({ id: `toy-${at}-${'x'.repeat(700)}` })),
      }),
    }),
  },
  'empty gzip members without end': pouring(`${HEAD}content-encoding: gzip\r\n\r\n`, EMPTY_MEMBERS),
};
/** In `npm test`, one of each kind. */
const QUICK = new Set(['a million data lines in one event', 'lists 300,000 deep']);
const chosen = Object.entries(answers).filter(([name]) => WHOLE || QUICK.has(name));

const FLAGS = ['--suite', 'smoke', '--api', 'chat', '--no-confirm', '--timeout', '5s', '--reference', 'none'];

describe('check', () => {
  it.each(chosen)('%s', async (_name, habits) => {
    const { url } = await serving(habits);
    const { code, stdout, stderr, megabytes } = await command(['check', url, '--no-config', ...FLAGS]);
    expect([0, 1, 2, 3]).toContain(code);
    expectHarmlessText(stdout + stderr, [], 'what is printed');
    expect(megabytes).toBeLessThan(MOST_MB);
  });
});

describe.runIf(WHOLE)('record', () => {
  it.each(Object.entries(answers))('%s', async (_name, habits) => {
    const { url } = await serving(habits);
    const { code, megabytes } = await command(['record', url, '--out', folder(), ...FLAGS]);
    expect([0, 1, 2, 3]).toContain(code);
    expect(megabytes).toBeLessThan(MOST_MB);
  });
});

it.runIf(WHOLE)('sixteen large answers at once', async () => {
  const pad = 'a'.repeat(7 * MIB);
  const { url } = await serving({ mapBody: (body) => ({ ...body, pad }) });
  const flags = [
    '--no-config',
    '--suite',
    'standard',
    '--api',
    'chat',
    '--no-confirm',
    '--concurrency',
    '16',
  ];
  const { code, megabytes } = await command(['check', url, ...flags]);
  expect([0, 1, 3]).toContain(code);
  expect(megabytes).toBeLessThan(MOST_MB);
});
