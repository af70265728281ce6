/** Wall time of `lastchunk --version` against `node -e 0`. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { median } from './median.mjs';

const BIN = new URL('../bin/lastchunk.js', import.meta.url).pathname;
const TIMES = 20;

function wallMs(args) {
  const start = process.hrtime.bigint();
  const { status, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`node ${args.join(' ')} exits ${status}: ${stderr.slice(0, 300)}`);
  return Number(process.hrtime.bigint() - start) / 1e6;
}

export async function startUp() {
  if (!existsSync(BIN)) throw new Error('bin/lastchunk.js is not there');
  const ours = [];
  const bare = [];
  for (let i = 0; i < TIMES; i += 1) {
    bare.push(wallMs(['-e', '0']));
    ours.push(wallMs([BIN, '--version']));
  }
  return {
    name: 'lastchunk --version',
    measured: `${median(ours).toFixed(1)} ms`,
    baseline: `${median(bare).toFixed(1)} ms (node -e 0)`,
    ratio: median(ours) / median(bare),
    target: 1.5,
  };
}
