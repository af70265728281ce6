import { expect, test } from 'vitest';
import { renderJson } from '../../src/reporters/json.ts';
import { folderWith } from '../config/temporary.ts';
import { sampleReport, sampleWords, silentServer } from '../reporters/sample-report.ts';
import { BIN, start } from './child-process.ts';
import { MEASURED, MOST_MB, peakIn } from './peak-memory.ts';

const REPORTS = 120;

test(`of ${REPORTS} reports no more is held than of one, beside their records`, async () => {
  const server = silentServer('0.2.87', 80);
  const results = server.results.map((result) => ({ ...result, message: 'x'.repeat(10_000) }));
  const report = renderJson(sampleReport([{ ...server, results }]), { words: sampleWords });
  expect(report.length * REPORTS).toBeGreaterThan(MOST_MB * 1024 * 1024);
  const cwd = folderWith({ 'r.json': report });
  const files = Array.from({ length: REPORTS }, () => 'r.json');
  const { code, stdout, stderr } = await start(process.execPath, [BIN, 'matrix', ...files], {
    cwd,
    env: MEASURED,
  }).ended;
  const { megabytes, rest } = peakIn(stderr);
  expect([code, rest]).toEqual([0, '']);
  expect(stdout).toContain('1 version of 1 product');
  expect(megabytes).toBeLessThan(MOST_MB);
}, 120_000);
