import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { deliver } from '../../src/commands/support/deliver.ts';
import { outputsOf } from '../../src/config/outputs.ts';
import type { Report } from '../../src/model/report.ts';
import { folderWith } from '../config/temporary.ts';
import { sampleReport, sampleServer } from '../reporters/sample-report.ts';

/** What `work` prints to stdout; stderr is swallowed. */
async function printed(work: () => Promise<unknown>): Promise<string> {
  let text = '';
  const take = (piece: unknown) => {
    text += String(piece);
    return true;
  };
  const spies = [
    vi.spyOn(process.stdout, 'write').mockImplementation(take),
    vi.spyOn(process.stderr, 'write').mockImplementation(() => true),
  ];
  onTestFinished(() => spies.forEach((spy) => void spy.mockRestore()));
  await work();
  return text;
}

test('every report says the exit status, also where a file after it could not be written', async () => {
  const folder = folderWith({ file: '' });
  const at = (name: string) => join(folder, name);
  const outputs = outputsOf({
    format: 'json',
    output: [`json=${at('a.json')}`, `junit=${at('file/x.xml')}`],
  });
  const report = sampleReport([sampleServer()]);
  let status = 0;
  const stdout = await printed(async () => {
    status = await deliver(report, outputs, false, false);
  });
  expect(status).toBe(3);
  for (const text of [stdout, readFileSync(at('a.json'), 'utf8')]) {
    const { exitCode, remarks } = JSON.parse(text) as Report;
    expect({ exitCode, remarks }).toEqual({
      exitCode: 3,
      remarks: [`${at('file/x.xml')} could not be written`],
    });
  }
});

test.each([
  [['json=-'], '--output "json=-": for stdout write --format json'],
  [['json=a', 'junit=./a'], '--output: two reports for ./a; name a file for each'],
  [['json'], 'write FORMAT=FILE'],
  [['json='], 'write FORMAT=FILE'],
  [['xml=a'], 'unknown format "xml"; write table, json, junit, markdown, github, html, issue'],
])('%j is refused', (output, message) => {
  expect(() => outputsOf({ format: 'table', output })).toThrow(message);
});

test('a device may take several reports, and a format several files', () => {
  const output = ['json=/dev/null', 'junit=/dev/null', 'json=a', 'json=b'];
  expect(outputsOf({ format: 'table', output }).files).toHaveLength(4);
});
