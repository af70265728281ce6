#!/usr/bin/env node
// The version is asked for by scripts, often: it needs none of the program.
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
// A package that was published holds no sources.
const isCheckout = existsSync(new URL('../src', import.meta.url));

/** The program. Where it can't be loaded, one line says how to mend that. */
async function load() {
  try {
    return await import('../dist/node/cli.js');
  } catch (error) {
    if (error.code !== 'ERR_MODULE_NOT_FOUND') throw error;
    const compiled = existsSync(new URL('../dist/node/cli.js', import.meta.url));
    const what = compiled ? error.message.split('\n')[0] : `nothing is compiled in ${root}`;
    const mend = isCheckout ? `run "npm ci" in ${root}` : 'install lastchunk again';
    process.stderr.write(`lastchunk: ${what}; ${mend}\n`);
    process.exit(3);
  }
}

const [first, ...more] = process.argv.slice(2);
if (more.length === 0 && (first === '--version' || first === '-V')) {
  const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
  process.stdout.write(`${version}\n`);
} else {
  const { main } = await load();
  if (isCheckout) {
    const { compiledState } = await import('../scripts/compiled.mjs');
    if (compiledState() === 'stale')
      process.stderr.write(
        `lastchunk: what is compiled is older than the sources; run "npm run build" in ${root}\n`,
      );
  }
  await main(process.argv);
}
