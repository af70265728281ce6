/** The pages that are made of the records: `npm run matrix` writes them. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { readRecords } from '../../src/commands/support/read-records.ts';
import { reportContext } from '../../src/commands/support/terminal-context.ts';
import { matrixOf } from '../../src/matrix/matrix.ts';
import { pagesOf } from '../../src/reporters/matrix/pages.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const { records, notes, remarks } = readRecords([join(root, 'records')]);
const matrix = matrixOf(records, notes);
const pages = pagesOf(matrix, reportContext(false));

test.each(pages)('$path is what the records give (npm run matrix writes it)', ({ path, text }) => {
  expect(existsSync(join(root, path))).toBe(true);
  expect(readFileSync(join(root, path), 'utf8')).toBe(text);
});

test('there is no ticket of a fault that the records do not have', () => {
  const made = pages.map(({ path }) => path);
  for (const file of readdirSync(join(root, 'docs/tickets'))) expect(made).toContain(`docs/tickets/${file}`);
});

test('no record names a folder of the machine that it was measured on', () => {
  expect(remarks).toEqual([]);
  for (const record of records)
    expect(JSON.stringify(record)).not.toMatch(/\/(?:home|root|work|tmp|Users)\//);
});

const faults = matrix.products.flatMap(({ id, faults: all }) =>
  all.map(({ id: fault, note }) => ({ id, fault, note })),
);

test.each(faults)('$id: $fault was repeated by hand, and looked for in the project’s reports', ({ note }) => {
  expect(note?.byHand).toBeDefined();
  expect(note?.report).toBeDefined();
});
