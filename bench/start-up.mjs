/** How long a start takes: of `lastchunk --version`, and of `lastchunk check` until its first request, beside `node -e 0`. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
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
  return [ofVersion(), await ofCheck()];
}

function ofVersion() {
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

/** From the shell to the first request. Its target is a time, in seconds, as a person waits for it. */
async function ofCheck() {
  const server = createServer((socket) => {
    socket.on('error', () => {});
    server.emit('asked', process.hrtime.bigint());
    socket.destroy();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const ours = [];
  const bare = [];
  for (let i = 0; i < TIMES; i += 1) {
    bare.push(wallMs(['-e', '0']));
    const start = process.hrtime.bigint();
    const flags = ['check', '--no-config', `http://127.0.0.1:${server.address().port}`];
    const child = spawn(process.execPath, [BIN, ...flags], { stdio: 'ignore' });
    const [asked] = await once(server, 'asked');
    ours.push(Number(asked - start) / 1e6);
    child.kill('SIGKILL');
    await once(child, 'close');
  }
  server.close();
  return {
    name: 'check to the first request over node -e 0',
    measured: `${median(ours).toFixed(1)} ms`,
    baseline: `${median(bare).toFixed(1)} ms (node -e 0)`,
    ratio: (median(ours) - median(bare)) / 1000,
    unit: ' s',
    target: 0.2,
  };
}
