import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { lastchunk } from '../cli/child-process.ts';
import { temporaryFolder } from './rows.ts';

const row = (fields: object) =>
  JSON.stringify({
    v: 1,
    time: '2026-11-25T10:00:00.000Z',
    api: 'chat',
    model: 'a',
    tenant: 't1',
    status: 200,
    stream: true,
    reported: null,
    counted: null,
    problems: [],
    end: 'complete',
    ...fields,
  });

const usage = (prompt: number, completion: number, more: object = {}) => ({
  prompt_tokens: prompt,
  completion_tokens: completion,
  total_tokens: prompt + completion,
  ...more,
});

const HOSTILE = '=\u001b[31m,"\n::error::x';

function ledger(): string {
  const folder = temporaryFolder();
  writeFileSync(
    join(folder, '1.ndjson'),
    [
      row({ reported: usage(10, 5), problems: ['usage-total'] }),
      row({ counted: usage(7, 3, { exact: true }), problems: ['usage-present'], model: 'b' }),
      row({ counted: usage(70, 30, { exact: false }), tenant: null, time: '2026-11-26T10:00:00.000Z' }),
      'torn {"v":1,',
      '',
      row({ status: 502, model: HOSTILE, time: '2026-11-26T10:00:00.000Z', end: 'upstream-unreachable' }),
      row({}).slice(0, 40),
    ].join('\n'),
  );
  writeFileSync(join(folder, 'other.txt'), 'not ours');
  return folder;
}

it('sums up, reported beside counted, and passes over what is torn', async () => {
  const { stdout, stderr, code } = await lastchunk(['ledger', ledger(), '--format', 'json', '--by', 'model']);
  expect(code).toBe(0);
  expect(stderr).toContain('2 lines are no row');
  const { total, groups, by } = JSON.parse(stdout) as {
    total: object;
    groups: Array<{ name: string }>;
    by: string;
  };
  expect(by).toBe('model');
  expect(total).toEqual({
    requests: 4,
    streams: 4,
    withoutUsage: 2,
    reported: { prompt: 10, completion: 5, total: 15 },
    counted: { prompt: 7, completion: 3, total: 10 },
    estimated: { prompt: 70, completion: 30, total: 100 },
    problems: { 'usage-total': 1, 'usage-present': 1 },
    ends: { complete: 3, 'upstream-unreachable': 1 },
  });
  expect(groups.map(({ name }) => name)).toEqual(['a', 'b', HOSTILE]);
});

it.each([
  ['tenant', ['t1', '_none']],
  ['day', ['2026-11-25', '2026-11-26']],
])('by %s', async (by, names) => {
  const { stdout } = await lastchunk(['ledger', ledger(), '--format', 'json', '--by', by]);
  expect((JSON.parse(stdout) as { groups: Array<{ name: string }> }).groups.map(({ name }) => name)).toEqual(
    names,
  );
});

it('since a day', async () => {
  const { stdout } = await lastchunk(['ledger', ledger(), '--format', 'json', '--since', '2026-11-26']);
  expect((JSON.parse(stdout) as { total: object }).total).toMatchObject({ requests: 2 });
});

it.each(['table', 'csv'])('what came from outside is harmless in a %s', async (format) => {
  const { stdout } = await lastchunk(['ledger', ledger(), '--format', format, '--by', 'model']);
  expect(stdout).not.toContain('\u001b');
  expect(stdout).not.toContain('::error::');
  expect(stdout).toContain('\\x1b[31m');
  expect(stdout).toContain('usage-total 1');
  if (format === 'csv') expect(stdout).toContain(`"'=`);
});

it('an empty folder is a ledger without rows', async () => {
  const folder = join(temporaryFolder(), 'new');
  mkdirSync(folder);
  const { stdout, code } = await lastchunk(['ledger', folder]);
  expect(code).toBe(0);
  expect(stdout).toContain('total');
});

it.each([
  [['ledger', '/no/such/folder'], 'ENOENT'],
  [['ledger', '.', '--by', 'mood'], 'model, tenant, day'],
  [['ledger', '.', '--since', 'yore'], '--since "yore"'],
  [['ledger', '.', '--format', 'xml'], 'table, json, csv'],
])('wrong input is told in one line: %s', async (args, said) => {
  const { stderr, code } = await lastchunk(args);
  expect(code).toBe(2);
  expect(stderr).toContain(said);
  expect(stderr.trim().split('\n')).toHaveLength(1);
});
