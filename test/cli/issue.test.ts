import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { deliver } from '../../src/commands/support/deliver.ts';
import { outputsOf } from '../../src/config/outputs.ts';
import { folderWith } from '../config/temporary.ts';
import { fourServers, sampleReport, sampleServer } from '../reporters/sample-report.ts';

async function written(folder: string, report = fourServers()): Promise<number> {
  const spies = [
    vi.spyOn(process.stdout, 'write').mockImplementation(() => true),
    vi.spyOn(process.stderr, 'write').mockImplementation(() => true),
  ];
  onTestFinished(() => spies.forEach((spy) => void spy.mockRestore()));
  return await deliver(report, outputsOf({ output: [`issue=${folder}`] }), false, false);
}

test('the folder is made, and a ticket that is there is written anew', async () => {
  const folder = join(folderWith({}), 'a', 'tickets');
  await written(folder);
  const [first = '', ...others] = readdirSync(folder);
  expect(others.length).toBeGreaterThan(3);
  const before = readFileSync(join(folder, first), 'utf8');
  await written(folder);
  expect(readdirSync(folder)).toEqual([first, ...others]);
  expect(readFileSync(join(folder, first), 'utf8')).toBe(before);
});

test('what else is in the folder stays', async () => {
  const folder = folderWith({ 'usage-present-absent--other.md': 'kept' });
  await written(folder);
  expect(readFileSync(join(folder, 'usage-present-absent--other.md'), 'utf8')).toBe('kept');
});

test('without a finding nothing is written', async () => {
  const folder = join(folderWith({}), 'tickets');
  expect(await written(folder, sampleReport([sampleServer()]))).toBe(0);
  expect(existsSync(folder)).toBe(false);
});

test('a folder that cannot be made is told, and counts', async () => {
  const file = folderWith({ tickets: 'a file' });
  const status = await written(join(file, 'tickets'), sampleReport([sampleServer()]));
  expect(status).toBe(0);
  expect(await written(join(file, 'tickets'))).toBe(1);
});

test('a ticket is no format of what is printed', () => {
  expect(() => outputsOf({ output: ['issue=-'] })).toThrow('--output issue=-: name a folder');
});
