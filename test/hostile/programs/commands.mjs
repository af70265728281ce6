// Runs command lines of lastchunk one after the other in one process: node commands.mjs '[["check","x"],…]'
// For each it prints a line of JSON: what was written where, and how it ended.
import { exit, runLine, write } from '../../cli/programs/run-line.mjs';

const tell = process.stderr.write.bind(process.stderr);
for (const argv of JSON.parse(process.argv[2])) write(`${JSON.stringify(await runLine(argv))}\n`);
process.stderr.write = tell;
exit(0);
