// Writes what is made of the records: the pages of the matrix, its tickets, and what the program says of other versions.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readRecords } from '../build/commands/support/read-records.js';
import { reportContext } from '../build/commands/support/terminal-context.js';
import { matrixOf } from '../build/matrix/matrix.js';
import { pagesOf } from '../build/reporters/matrix/pages.js';

process.chdir(fileURLToPath(new URL('..', import.meta.url)));
const { records, notes } = readRecords(['records']);
const pages = pagesOf(matrixOf(records, notes), reportContext(false));
rmSync('docs/tickets', { recursive: true, force: true });
for (const { path, text } of pages) {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}
