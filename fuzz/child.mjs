/** Tries mutants until one does not hold, or time or runs are used up. Tells each before it is tried. */
import { once } from 'node:events';
import fc from 'fast-check';
import { mutant, Originals } from './mutants.mjs';
import { holdsInProcess, holdsOfCommand } from './properties.mjs';

const [{ seed, runs, path, mostMs, commandMs }] = await once(process, 'message');
const originals = new Originals();
const property = fc.asyncProperty(mutant, async (one) => {
  process.send({ trying: one });
  await holdsInProcess(originals, one);
  if (one.command) await holdsOfCommand(originals, one, commandMs);
});
const found = await fc.check(property, {
  seed,
  numRuns: runs,
  interruptAfterTimeLimit: Math.max(1, mostMs - performance.now()),
  ...(path === undefined ? {} : { path }),
});
const { failed, numRuns, counterexample, counterexamplePath, errorInstance } = found;
process.send({
  ended: {
    failed,
    numRuns,
    path: counterexamplePath,
    mutant: counterexample?.[0],
    why: errorInstance?.message ?? 'no mutant could be judged in the time given',
  },
});
process.disconnect();
