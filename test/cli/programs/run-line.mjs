// Runs command lines of lastchunk one after the other in this process, which spares each its start.
import { main } from '../../../dist/node/cli.js';

export const write = process.stdout.write.bind(process.stdout);
/** Ends this process: a run ends its own, and here others follow. */
export const exit = process.exit.bind(process);
process.exit = () => {};
// Each run listens to its outputs and to signals until the process ends, as is right for one.
for (const emitter of [process, process.stdout, process.stderr]) emitter.setMaxListeners(0);

/** What was written where, and how it ended; nothing else may be run meanwhile. */
export async function runLine(argv) {
  const told = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr'])
    process[stream].write = (text, ...more) => {
      told[stream] += text;
      const written = more.at(-1);
      if (typeof written === 'function') setImmediate(written);
      return true;
    };
  process.exitCode = undefined;
  process.argv = [process.execPath, 'lastchunk', ...argv];
  await main(process.argv);
  return { ...told, code: process.exitCode ?? 0 };
}
