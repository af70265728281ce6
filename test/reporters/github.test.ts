import { expect, test } from 'vitest';
import { withBaseline } from '../../src/judge/baseline.ts';
import { renderGithub } from '../../src/reporters/github.ts';
import { hostile, hostileTexts, invisible } from './hostile.ts';
import {
  fourServers,
  hostileReport,
  sampleOrder,
  sampleReport,
  sampleServer,
  sampleWords,
} from './sample-report.ts';

const options = { words: sampleWords, order: sampleOrder };

test('one annotation per finding, known failures left out', () => {
  expect(renderGithub(fourServers(), options)).toMatchSnapshot();
});

test('what the baseline says and is not true is an error: it fails the run', () => {
  const entry = { product: 'llama.cpp', check: 'stream-end', case: 'chat/*', reason: 'known' };
  const report = withBaseline(
    sampleReport([sampleServer({ product: 'llama.cpp' })], { remarks: ['x.xml could not be written'] }),
    [entry],
    true,
  );
  const lines = renderGithub(report, options).trimEnd().split('\n');
  expect(lines).toMatchObject([
    expect.stringMatching(/^::error title=baseline::stale in the baseline: stream-end/),
    '::warning title=lastchunk::x.xml could not be written',
    expect.stringMatching(/^::notice /),
  ]);
});

test.each([...hostileTexts, hostile])('a server can start no command of its own: %j', (text) => {
  const lines = renderGithub(hostileReport(text), options).trimEnd().split('\n');
  for (const line of lines) {
    expect(line).toMatch(/^::(?:error|warning|notice) title=[^:,\r\n]*::[^\r\n]*$/);
    expect(line).not.toMatch(invisible);
    expect(line.slice(2)).not.toMatch(/::(?:error|warning|set-output|stop-commands)\b|##\[/);
    expect(line).not.toMatch(/%(?!25|0A|3A|2C)/);
  }
});
