// Writes what is made of the records: the pages of the matrix, its tickets, and what the program says of other versions.
import { rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { matrix } from '../build/commands/matrix.js';
import { readRecords } from '../build/commands/support/read-records.js';
import { matrixOf } from '../build/matrix/matrix.js';
import { observedIn } from '../build/matrix/observed.js';
import { writeWhole } from '../build/text/write-whole.js';

process.chdir(fileURLToPath(new URL('..', import.meta.url)));
rmSync('docs/tickets', { recursive: true, force: true });
const output = ['markdown=docs/matrix.md', 'html=docs/matrix.html', 'issue=docs/tickets'];
const status = await matrix(['records'], { format: 'table', output, color: false });
const { records, notes } = readRecords(['records']);
writeWhole('docs/observed.json', `${JSON.stringify(observedIn(matrixOf(records, notes)))}\n`);
process.exitCode = status;
