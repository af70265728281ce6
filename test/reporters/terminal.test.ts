import { stripVTControlCharacters } from 'node:util';
import { describe, expect, test } from 'vitest';
import type { Summary } from '../../src/model/report.ts';
import { columnsOf } from '../../src/reporters/table/columns.ts';
import { renderTable, type TerminalOptions } from '../../src/reporters/table/table.ts';
import { renderTerminal } from '../../src/reporters/table/terminal.ts';
import { hostileTexts, invisible } from './hostile.ts';
import {
  fourServers,
  hostileReport,
  sampleOrder,
  sampleReport,
  sampleResult,
  sampleServer,
  sampleWords,
  talkingServer,
} from './sample-report.ts';

const plain: TerminalOptions = { width: 80, colour: false, words: sampleWords, order: sampleOrder };

/** Lines wider than the terminal, but for command lines and links, which have to stay whole. */
function tooWide(text: string, width: number): readonly string[] {
  const lines = text.split('\n').filter((line) => columnsOf(stripVTControlCharacters(line)) > width);
  return lines.filter(
    (line) => !/(?:start {5}|repeat {4}|more {6})|https?:\/\//.test(stripVTControlCharacters(line)),
  );
}

describe.each([
  ['one server', () => sampleReport([talkingServer()])],
  ['four servers', fourServers],
])('%s', (_name, report) => {
  test.each([80, 120])('at %i columns', (width) => {
    const text = renderTerminal(report(), { ...plain, width });
    expect(text).toMatchSnapshot();
    expect(tooWide(text, width)).toEqual([]);
    expect(text).not.toMatch(/\u001b| $/m);
  });

  test('colour changes no character', () => {
    const coloured = renderTerminal(report(), { ...plain, colour: true });
    expect(coloured).toContain('\u001b[31m✗');
    expect(stripVTControlCharacters(coloured)).toBe(renderTerminal(report(), plain));
  });

  test.each([20, 44, 60, 79, 200])('%i columns hold every cell', (width) => {
    expect(tooWide(renderTable(report(), { ...plain, width }), Math.max(width, 41))).toEqual([]);
  });
});

test('a narrow terminal wraps names and the line of counts', () => {
  const product = 'n'.repeat(100);
  const text = renderTerminal(sampleReport([sampleServer({ product }), sampleServer({ name: 's' })]), {
    ...plain,
    width: 41,
  });
  expect(tooWide(text, 41)).toEqual([]);
  expect(text.match(/n/g)?.length).toBeGreaterThan(100);
});

test('verbose shows every case and why checks were skipped', () => {
  const text = renderTerminal(fourServers(), { ...plain, verbose: true });
  expect(text).toContain('needs usage-present, which failed');
  expect(text).toMatch(/^reasoning-counted +[?] +– +– +–$/m);
});

test('servers that do not fit side by side are spread evenly over tables', () => {
  const servers = Array.from({ length: 6 }, (_, i) => sampleServer({ version: `0.3.${i}`, name: `s${i}` }));
  const table = renderTable(sampleReport(servers), { ...plain, verbose: true });
  const heads = table.split('\n').filter((line) => /0\.3\.\d/.test(line));
  expect(heads.map((line) => line.trim().split(/ +/))).toEqual([
    ['0.3.0', '0.3.1', '0.3.2'],
    ['0.3.3', '0.3.4', '0.3.5'],
  ]);
});

function oneCell(...changes: ReadonlyArray<Parameters<typeof sampleResult>[2]>): string {
  const results = changes.map((change, i) => sampleResult('usage-last', `chat/stream/asked/s${i}`, change));
  const table = renderTable(sampleReport([sampleServer({ results })]), { ...plain, verbose: true });
  return /^usage-last +(.*)$/m.exec(table)?.[1] ?? '';
}

test.each([
  ['✓', [{}, {}, { verdict: 'skip' }]],
  ['✓ 2/3', [{}, {}, { verdict: 'error' }]],
  ['–', [{ verdict: 'skip' }]],
  ['?', [{ verdict: 'error' }, { verdict: 'skip' }]],
  ['✗ absent', [{ verdict: 'fail', observed: 'absent in all' }, { verdict: 'error' }]],
  [
    '✗ null/absent 3/4',
    [
      { verdict: 'fail', observed: 'absent: x' },
      { verdict: 'fail', observed: 'null' },
      { verdict: 'fail', observed: 'null' },
      {},
    ],
  ],
  ['✗ cut off', [{ verdict: 'fail', observed: 'cut off after 3 events' }]],
  ['✗~ late', [{ verdict: 'fail', observed: 'late', confirmed: '1/2' }]],
  ['✗= late', [{ verdict: 'fail', observed: 'late', baselined: true }]],
  [
    '✗ null',
    [
      { verdict: 'fail', observed: 'late', baselined: true },
      { verdict: 'fail', observed: 'null' },
    ],
  ],
  [
    '!* late',
    [{ verdict: 'warn', observed: 'late', lowered: { reason: 'r', link: 'l' } }, { verdict: 'skip' }],
  ],
  ['! late 1/2', [{ verdict: 'warn', observed: 'late' }, {}]],
] as const)('a cell says %s', (text, changes) => {
  expect(oneCell(...changes)).toBe(text);
});

test('servers of the same product and version are told apart by name', () => {
  const servers = [sampleServer({ name: 'old-gpu' }), sampleServer({ name: 'new-gpu' })];
  const text = renderTable(sampleReport(servers), { ...plain, width: 120, verbose: true });
  expect(text).toContain('(old-gpu)');
  expect(text).toContain('(new-gpu)');
});

test('an unreached server has an empty column, and the report says why', () => {
  const halt = { kind: 'unreached', message: 'connect ECONNREFUSED 127.0.0.1:9' } as const;
  const dead = sampleServer({ name: 'dead', product: null, version: null, results: [], halt });
  const text = renderTerminal(sampleReport([dead, talkingServer()], { exitCode: 3 }), plain);
  const said = 'dead was not judged: connect ECONNREFUSED 127.0.0.1:9.\n';
  expect(text).toContain(said);
  expect(renderTerminal(sampleReport([dead], { exitCode: 3 }), plain)).toBe(said);
});

test.each(hostileTexts)(
  'whatever a server says, the terminal and the CI runner are left alone: %j',
  (text) => {
    const shown = renderTerminal(hostileReport(text), { ...plain, verbose: true });
    expect(shown.replaceAll('\n', '')).not.toMatch(invisible);
    expect(shown).not.toMatch(/^\s*::(?:error|set-output|warning)|##\[/m);
  },
);

test('what one fault of a repeated run kept from being judged is told together', () => {
  const times = (change: Partial<Summary>) => ({ pass: 57, fail: 0, warn: 0, skip: 0, error: 0, ...change });
  const results = ['usage-once', 'usage-last'].map((check) =>
    sampleResult(check, 'chat/stream/asked/text', { times: times({ skip: 3 }) }),
  );
  const fault = { verdict: 'fail', observed: 'absent', times: times({ fail: 3 }) } as const;
  results.unshift(sampleResult('usage-present', 'chat/stream/asked/text', fault));
  const text = renderTerminal(sampleReport([sampleServer({ name: 's', results })]), { ...plain, width: 120 });
  expect(text).toContain(': usage-present in chat/stream/asked/text: pass 57/60, fail 3/60\n');
  expect(text).toContain(': 2 checks in chat/stream/asked/text: pass 57/60, skip 3/60\n');
});

test('many reasons of one kind are cut short, unless all is asked for', () => {
  const results = Array.from({ length: 30 }, (_, i) =>
    sampleResult('usage-last', `chat/stream/asked/s${i}`, {
      verdict: 'error',
      message: `no answer after ${i} ms`,
    }),
  );
  const report = sampleReport([sampleServer({ results })]);
  expect(renderTerminal(report, plain)).toContain('… and 10 more: see --verbose');
  expect(renderTerminal(report, { ...plain, verbose: true })).toContain('no answer after 29 ms');
});
