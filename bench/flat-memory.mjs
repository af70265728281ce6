/**
 * Peak memory while a stream of a million chunks is read, in processes of their own:
 * - against streams of ten thousand read before it by the same process. (Twenty of them: until then V8 is still growing
 *   its young generation and its buffers, whatever is read. In a cold process both clients below grow alike.)
 * - against a bare client that reads the same million.
 */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { median } from './median.mjs';
import { withServer } from './with-server.mjs';

const CLIENT = new URL('memory-client.mjs', import.meta.url).pathname;
const SMALL = Array.from({ length: 20 }, () => '10000');
const ROUNDS = 3;
const run = promisify(execFile);

async function peaks(which, base, counts) {
  const { stdout } = await run(process.execPath, [CLIENT, which, base, ...counts]);
  return JSON.parse(stdout);
}

export async function flatMemory() {
  return withServer(async (base) => {
    const small = [];
    const large = [];
    const cold = [];
    const bare = [];
    for (let i = 0; i < ROUNDS; i += 1) {
      const warm = await peaks('wire', base, [...SMALL, '1000000']);
      small.push(warm.at(-2));
      large.push(warm.at(-1));
      cold.push(...(await peaks('wire', base, ['1000000'])));
      bare.push(...(await peaks('bare', base, ['1000000'])));
    }
    return [
      row('peak memory, 1M chunks', large, small, '(20 × 10k chunks before it)', 1.1),
      row('peak memory, 1M chunks', cold, bare, '(bare client)', 1.1),
    ];
  });
}

function row(name, measured, baseline, what, target) {
  const [ours, theirs] = [median(measured), median(baseline)];
  return { name, measured: inMB(ours), baseline: `${inMB(theirs)} ${what}`, ratio: ours / theirs, target };
}

function inMB(bytes) {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
