/**
 * Judges mutants of the recordings in fixtures/: `npm run fuzz -- --seed 7 --runs 1000 --seconds 120`. Whatever a server or
 * a file says: no stack trace, no hang, bounded memory, the right exit status, and never a pass of `usage-present` where
 * usage was taken out. Ends with 0, or with 1 and the smallest mutant found of which that does not hold.
 */
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

/** One mutant takes some 50 ms, with a command a second. */
const HANGS_AFTER_MS = 60_000;
/** Of the child's heap: the recordings take 100. */
const MOST_HEAP_MB = 384;

function whole(text, name, least) {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value >= least) return value;
  process.stderr.write(`--${name} ${JSON.stringify(text)}: write a whole number from ${least}\n`);
  process.exit(2);
}

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: String(Math.floor(Math.random() * 2 ** 31)) },
    runs: { type: 'string', default: '300' },
    seconds: { type: 'string', default: '60' },
    /** Where a mutant was found, as the run that found it printed. */
    path: { type: 'string' },
  },
});
const seed = whole(values.seed, 'seed', 0);
const runs = whole(values.runs, 'runs', 1);
const mostMs = 1000 * whole(values.seconds, 'seconds', 1);

const begun = performance.now();
/** What the child tries; null until it does. */
let trying = null;
let ended = null;
let hangs = false;
let watch;
const child = fork(fileURLToPath(new URL('child.mjs', import.meta.url)), {
  execArgv: [`--max-old-space-size=${MOST_HEAP_MB}`],
});
const expectLife = () => {
  clearTimeout(watch);
  watch = setTimeout(() => {
    hangs = true;
    child.kill('SIGKILL');
  }, HANGS_AFTER_MS);
};

expectLife();
child.send({ seed, runs, path: values.path, mostMs, commandMs: HANGS_AFTER_MS / 2 });
child.on('message', (message) => {
  trying = message.trying ?? trying;
  ended = message.ended ?? null;
  expectLife();
});
child.once('close', (code, signal) => {
  clearTimeout(watch);
  const seconds = ((performance.now() - begun) / 1000).toFixed(1);
  if (ended?.failed === false) {
    process.stdout.write(`${ended.numRuns} mutants in ${seconds} s, seed ${seed}: all hold\n`);
    return;
  }
  process.exitCode = 1;
  const found = ended ?? {
    why: hangs ? `hangs for ${HANGS_AFTER_MS / 1000} s` : `ended by ${signal ?? `status ${code}`}`,
    mutant: trying,
  };
  const again = found.path ? `--path ${found.path}` : `--runs ${runs}`;
  const lines = [
    found.why,
    JSON.stringify(found.mutant ?? null),
    `again: npm run fuzz -- --seed ${seed} ${again}`,
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
});
