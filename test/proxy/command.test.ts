/** The command itself: its one line, its exit codes, its signals. */
import { once } from 'node:events';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { lastchunk } from '../cli/child-process.ts';
import { WHOLE } from '../hostile/whole.ts';
import { MODEL } from '../servers/generation.ts';
import { startServer } from '../servers/model-server.ts';
import { proxyProcess } from './process.ts';
import { rawClient, rawUpstream } from './raw.ts';
import { rowsIn, temporaryFolder } from './rows.ts';

const NOWHERE = 'http://127.0.0.1:9';
const GET = 'GET /a HTTP/1.1\r\nHost: me\r\n\r\n';
const BEGUN = 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\na';

it('prints one line on stdout, and ends with 0 at once where nothing is under way', async () => {
  const proxy = await proxyProcess(['--target', `${NOWHERE}/v1`]);
  expect(proxy.line).toBe(`lastchunk proxy: http://127.0.0.1:${proxy.port} -> ${NOWHERE}/v1`);
  proxy.child.kill('SIGTERM');
  const { code, stdout } = await proxy.ended;
  expect(code).toBe(0);
  expect(stdout).toBe(`${proxy.line}\n`);
});

it.each(['SIGTERM', 'SIGINT'] as const)('%s waits for what is under way', async (signal) => {
  let finish = () => {};
  const upstream = await rawUpstream((socket) => {
    socket.write(BEGUN);
    finish = () => socket.end('b');
  });
  const proxy = await proxyProcess(['--target', upstream.url, '--admin-port', '0']);
  const client = rawClient(proxy.port, GET);
  await client.until(/a$/);
  expect((await fetch(`${proxy.admin}/readyz`)).status).toBe(200);
  proxy.child.kill(signal);
  while ((await fetch(`${proxy.admin}/readyz`)).status !== 503);
  expect((await fetch(`${proxy.admin}/healthz`)).status).toBe(200);
  expect((await fetch(proxy.url)).status).toBe(503);
  finish();
  await client.until(/ab$/);
  expect((await proxy.ended).code).toBe(0);
});

it('ends with 1 where an answer had to be cut off', async () => {
  const upstream = await rawUpstream((socket) => socket.write(BEGUN));
  const folder = temporaryFolder();
  const proxy = await proxyProcess([
    '--target',
    upstream.url,
    '--shutdown-timeout',
    '0.05',
    '--ledger',
    folder,
  ]);
  const client = rawClient(
    proxy.port,
    'POST /v1/completions HTTP/1.1\r\nHost: me\r\ncontent-length: 2\r\n\r\n{}',
  );
  await client.until(/a$/);
  proxy.child.kill('SIGTERM');
  expect((await proxy.ended).code).toBe(1);
  expect((await client.closed).text).toMatch(/a$/);
  expect(rowsIn(folder)).toMatchObject([{ end: 'proxy-stopped', status: 200 }]);
});

it.each([
  [[], 'required option'],
  [['--target', 'ftp://x'], '--target "ftp://x"'],
  [['--target', 'http://user:secret@x'], 'a key does not belong there'],
  [['--target', NOWHERE, '--port', '99999'], '--port'],
  [['--target', NOWHERE, '--port', '21599', '--admin-port', '21599'], '--admin-port'],
  [['--target', NOWHERE, '--drain', '-1'], '--drain'],
  [['--target', NOWHERE, '--idle-timeout', '0'], '--idle-timeout'],
  [['--target', NOWHERE, '--max-body', 'x'], '--max-body'],
  [['--target', NOWHERE, '--cacert', '/no/such'], '--cacert'],
  [['--target', NOWHERE, '--nonsense'], 'unknown option'],
])('wrong flags end with 2: %s', async (args, said) => {
  const { code, stderr, stdout } = await lastchunk(['proxy', ...args]);
  expect([code, stdout]).toEqual([2, '']);
  expect(stderr).toContain(said);
  expect(stderr).not.toContain('secret');
});

it('a port or a ledger that cannot be used ends with 3', async () => {
  const taken = createServer().listen(0, '127.0.0.1');
  onTestFinished(() => void taken.close());
  await once(taken, 'listening');
  const address = taken.address();
  const port = String(typeof address === 'object' ? address?.port : '');
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'file'), '');
  for (const args of [
    ['--port', port],
    ['--port', '0', '--admin-port', port],
    ['--port', '0', '--ledger', join(folder, 'file')],
  ]) {
    const { code, stdout } = await lastchunk(['proxy', '--target', NOWHERE, ...args]);
    expect([code, stdout]).toEqual([3, '']);
  }
});

it('metrics: the names and labels that dashboards know', async () => {
  const server = await startServer();
  onTestFinished(() => server.close());
  const folder = temporaryFolder();
  const proxy = await proxyProcess(['--target', server.url, '--admin-port', '0', '--ledger', folder]);
  const ask = (model: string, stream: boolean) =>
    fetch(`${proxy.url}/v1/chat/completions`, {
      method: 'POST',
      headers: { authorization: 'Bearer sk-secret-key' },
      body: JSON.stringify({ model, stream, max_tokens: 4, messages: [{ role: 'user', content: 'x' }] }),
    }).then((response) => response.text());
  await ask(MODEL, false);
  await ask(MODEL, true);
  for (let at = 0; at < 110; at += 1) await ask(`no-such-${at}`, false);
  const text = await (await fetch(`${proxy.admin}/metrics`)).text();
  const labels = `api="chat",model="${MODEL}",stream="false",status="200",end="complete"`;
  expect(text).toContain(`lastchunk_requests_total{${labels}} 1\n`);
  expect(text).toContain(`lastchunk_usage_missing_total{model="${MODEL}"} 1\n`);
  expect(text).toContain('lastchunk_streams_open 0\n');
  expect(text).toContain('lastchunk_ledger_rows_total 112\n');
  expect(text).toContain('lastchunk_ledger_failures_total 0\n');
  expect(text).toContain('# TYPE lastchunk_problems_total counter');
  const tokens = `gen_ai_operation_name="chat",gen_ai_provider_name="openai",gen_ai_request_model="${MODEL}",gen_ai_token_modality="text"`;
  expect(text).toContain(`gen_ai_client_inference_usage_output_tokens_total{${tokens}} 4\n`);
  expect(text).toContain(`gen_ai_client_inference_usage_input_tokens_total{${tokens}} `);
  expect(text).toMatch(/lastchunk_requests_total\{api="chat",model="_other".*\} 11\n/);
  expect(text).not.toContain('tenant');
  expect(text).not.toContain('secret');
  proxy.child.kill('SIGTERM');
  const { stdout, stderr } = await proxy.ended;
  expect(stdout + stderr).not.toContain('secret-key');
});

it('a disk that is full is counted, and streams go on', async () => {
  const server = await startServer();
  onTestFinished(() => server.close());
  const folder = temporaryFolder();
  const limited = await proxyProcess(['--target', server.url, '--admin-port', '0', '--ledger', folder], 4);
  for (let at = 0; at < 20; at += 1) {
    const body = JSON.stringify({ model: MODEL, stream: true, messages: [{ role: 'user', content: 'x' }] });
    const answer = await fetch(`${limited.url}/v1/chat/completions`, { method: 'POST', body });
    expect(await answer.text()).toContain('[DONE]');
  }
  const text = await (await fetch(`${limited.admin}/metrics`)).text();
  const count = (name: string) => Number(new RegExp(`${name} (\\d+)`).exec(text)?.[1]);
  expect(count('lastchunk_ledger_failures_total')).toBeGreaterThan(0);
  expect(count('lastchunk_ledger_rows_total') + count('lastchunk_ledger_failures_total')).toBe(20);
  // Half a row at the end of a full file spoils no other one.
  const [file = ''] = readdirSync(folder).filter((name) => name.endsWith('.ndjson'));
  const lines = readFileSync(join(folder, file), 'utf8').split('\n');
  expect(lines.slice(0, -1).map((line) => JSON.parse(line) as object)).toHaveLength(
    count('lastchunk_ledger_rows_total'),
  );
});

it('kill -9 loses no row of an answer that was seen whole', { timeout: 900_000 }, async () => {
  const server = await startServer();
  onTestFinished(() => server.close());
  const folder = temporaryFolder();
  for (let round = 0; round < (WHOLE ? 100 : 3); round += 1) {
    const proxy = await proxyProcess(['--target', server.url, '--ledger', folder]);
    const seen: string[] = [];
    let isDead = false;
    const asking = Array.from({ length: 8 }, async () => {
      while (!isDead) {
        const body = JSON.stringify({
          model: MODEL,
          stream: true,
          messages: [{ role: 'user', content: 'x' }],
        });
        const text = await fetch(`${proxy.url}/v1/chat/completions`, { method: 'POST', body })
          .then((answer) => answer.text())
          .catch(() => '');
        if (text.includes('[DONE]')) seen.push(/"id":"([^"]+)"/.exec(text)?.[1] ?? '');
      }
    });
    while (seen.length < 20 + 7 * round) await new Promise((resolve) => setImmediate(resolve));
    proxy.child.kill('SIGKILL');
    isDead = true;
    await Promise.all(asking);
    const files = readdirSync(folder).filter((name) => name.endsWith('.ndjson'));
    const text = files.map((name) => readFileSync(join(folder, name), 'utf8')).join('');
    expect(seen.filter((id) => !text.includes(`"responseId":"${id}"`))).toEqual([]);
  }
});
