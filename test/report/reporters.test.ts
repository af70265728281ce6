import { expect, test } from 'vitest';
import { formats, isFormat, loadReporter } from '../../src/report/reporters.ts';
import { fourServers, sampleReport, sampleWords } from './sample-report.ts';

const context = { width: 80, colour: false, words: sampleWords };

test.each(formats)('%s is loaded by name, and ends with one line end', async (format) => {
  const render = await loadReporter(format);
  for (const report of [fourServers(), sampleReport([])]) {
    expect(render(report, context)).toMatch(/[^\n]\n$/);
    expect(render(report, { ...context, words: () => undefined })).not.toContain('undefined');
  }
});

test('other names are no formats', () => {
  expect(isFormat('json')).toBe(true);
  expect(isFormat('toString')).toBe(false);
});
