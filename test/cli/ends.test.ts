/** The process ends with its report, whatever is still open, and not before the report is out. */
import { createServer, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { folderWith } from '../config/temporary.ts';
import { startServer } from '../servers/model-server.ts';
import { listening } from '../wire/raw-server.ts';
import { alone, BIN, start } from './child-process.ts';

describe('a TLS handshake that nobody answers', () => {
  const sockets = new Set<Socket>();
  const mute = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
  });
  let place = '';
  beforeAll(async () => {
    place = `127.0.0.1:${await listening(mute)}`;
  });
  afterAll(() => {
    for (const socket of sockets) socket.destroy();
    mute.close();
  });

  test.concurrent.each([
    ['check', ['--timeout', '500ms']],
    ['record', ['--timeout', '500ms', '--out', 'recording']],
    ['init', []],
  ])('%s says so and ends with 3', async (command, flags) => {
    const said = [command, `https://${place}`, ...flags];
    const { code, stdout, stderr } = await alone(said, { cwd: folderWith({}) });
    expect((stdout + stderr).replace(/\s+/g, ' ')).toContain('no connection within');
    expect(code).toBe(3);
  });

  test.concurrent('behind a proxy, too', async () => {
    const env = { HTTPS_PROXY: `http://${place}` };
    const flags = ['check', 'https://model.example', '--timeout', '500ms'];
    expect((await alone(flags, { cwd: folderWith({}), env })).code).toBe(3);
  });
});

/** Whatever keeps a process from ending by itself. */
const STILL_OPEN = ['--import', 'data:text/javascript,setInterval(()=>{},1e6)'];

test.concurrent.each([
  [['list', 'products'], 0],
  [['--help'], 0],
  [['check', '--no-such-flag'], 2],
  [['explain', 'no-such-check'], 2],
])('%j ends with %i though something is open', async (flags, code) => {
  const { ended } = start(process.execPath, [...STILL_OPEN, BIN, ...flags], { cwd: folderWith({}) });
  expect((await ended).code).toBe(code);
});

test('a report of megabytes reaches a reader that takes its time', async () => {
  const server = await startServer({ mapUsage: () => undefined });
  onTestFinished(() => server.close());
  const cwd = folderWith({});
  const flags = [BIN, 'check', server.url, '--no-confirm', '--format', 'json', '--output', 'json=r.json'];
  const script = `{ "$0" "$@"; echo "exit $?" >&2; } | { sleep 2; wc -c; }; wc -c < r.json`;
  const running = start('/bin/sh', ['-c', script, process.execPath, ...STILL_OPEN, ...flags], { cwd });
  const { stdout, stderr } = await running.ended;
  const [printed, written] = stdout.trim().split(/\s+/).map(Number);
  expect(stderr).toBe('exit 1\n');
  expect(printed).toBeGreaterThan(300_000);
  expect(printed).toBe(written);
});
