// Runs command lines of lastchunk one after the other in one process: node commands.mjs '[["check","x"],…]'
// For each it prints a line of JSON: what was written where, and how it ended.
import { main } from '../../../dist/node/cli.js';

const write = process.stdout.write.bind(process.stdout);
const tell = process.stderr.write.bind(process.stderr);
// Each run listens to its outputs until the process ends, as is right for one.
for (const stream of [process.stdout, process.stderr]) stream.setMaxListeners(0);
// A run ends its process; here others follow.
const exit = process.exit.bind(process);
process.exit = () => {};

for (const argv of JSON.parse(process.argv[2])) {
  const told = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr'])
    process[stream].write = (text, ...more) => {
      told[stream] += text;
      const written = more.at(-1);
      if (typeof written === 'function') setImmediate(written);
      return true;
    };
  process.exitCode = undefined;
  await main([process.execPath, 'lastchunk', ...argv]);
  write(`${JSON.stringify({ ...told, code: process.exitCode ?? 0 })}\n`);
}
process.stderr.write = tell;
exit(0);
