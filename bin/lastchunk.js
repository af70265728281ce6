#!/usr/bin/env node
// The version is asked for by scripts, often: it needs none of the program.
import { readFileSync } from 'node:fs';

const [first, ...more] = process.argv.slice(2);
if (more.length === 0 && (first === '--version' || first === '-V')) {
  const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
  process.stdout.write(`${version}\n`);
} else {
  const { main } = await import('../dist/cli/main.js');
  await main(process.argv);
}
