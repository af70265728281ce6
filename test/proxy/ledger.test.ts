/** A row for each request of an observed route, written before its client has seen the end. */
import { createHmac } from 'node:crypto';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { Ledger } from '../../src/ledger/ledger.ts';
import type { LedgerRow } from '../../src/ledger/row.ts';
import { MODEL } from '../servers/generation.ts';
import type { Habits } from '../servers/habits.ts';
import { startServer } from '../servers/model-server.ts';
import { rawClient, rawUpstream } from './raw.ts';
import { rowsIn, temporaryFolder } from './rows.ts';
import { started } from './started.ts';

const CHAT = '/v1/chat/completions';
const KEY = 'sk-very-secret-key';

async function recording(habits: Habits = {}) {
  const server = await startServer(habits);
  onTestFinished(() => server.close());
  const ledger = temporaryFolder();
  const proxy = await started(server.url, { ledger });
  return {
    server,
    ledger,
    ask: (body: object, path = CHAT, headers: Record<string, string> = {}) =>
      fetch(proxy.url + path, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${KEY}`, ...headers },
        body: JSON.stringify({ model: MODEL, messages: [{ role: 'user', content: 'my prompt' }], ...body }),
      }).then((response) => response.text()),
  };
}

const ASKED = { stream: true, stream_options: { include_usage: true } };

it('says of a stream what it said of usage, and how it ended', async () => {
  const { ask, ledger } = await recording();
  const text = await ask({ ...ASKED, max_tokens: 5 });
  const [row, ...more] = rowsIn(ledger);
  expect(more).toEqual([]);
  expect(row).toEqual({
    v: 1,
    id: expect.stringMatching(/^[0-9a-f-]{36}$/),
    time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
    durationMs: expect.any(Number),
    firstByteMs: expect.any(Number),
    api: 'chat',
    path: CHAT,
    model: MODEL,
    tenant: expect.stringMatching(/^[0-9a-f]{16}$/),
    status: 200,
    stream: true,
    asked: true,
    injected: false,
    responseId: expect.any(String),
    finish: ['length'],
    reported: expect.objectContaining({ completion_tokens: 5, total_tokens: expect.any(Number) }),
    counted: null,
    problems: [],
    bytes: Buffer.byteLength(text),
    chunks: expect.any(Number),
    waitMs: 0,
    end: 'complete',
  } satisfies Record<keyof LedgerRow, unknown>);
});

it('a whole answer, and one that did not ask', async () => {
  const { ask, ledger } = await recording();
  await ask({ max_tokens: 3 });
  await ask({ max_tokens: 3, stream: true });
  expect(rowsIn(ledger)).toMatchObject([
    { stream: false, asked: false, chunks: 0, reported: { completion_tokens: 3 }, problems: [] },
    { stream: true, asked: false, reported: null, problems: [] },
  ]);
});

it('what is wrong is recorded by the ids of checks, and reported as it was said', async () => {
  const { ask, ledger } = await recording({
    mapUsage: () => ({ prompt_tokens: 0, completion_tokens: 0, total_tokens: 0 }),
  });
  await ask(ASKED);
  expect(rowsIn(ledger)).toMatchObject([
    { reported: { prompt_tokens: 0, completion_tokens: 0, total_tokens: 0 }, problems: ['usage-nonzero'] },
  ]);
});

it('nobody writes rows of other routes', async () => {
  const { ask, ledger } = await recording();
  await ask({}, '/v1/embeddings');
  await ask({}, '/v1/completions-not');
  expect(rowsIn(ledger)).toEqual([]);
});

it('holds no prompt, no answer, no key and no query', async () => {
  const { ask, ledger } = await recording();
  const answer = await ask(ASKED, `${CHAT}?key=hidden-in-query`);
  const said = /"content":"([^"]{4,})"/.exec(answer)?.[1];
  const text = rowsIn(ledger)
    .map((row) => JSON.stringify(row))
    .join();
  for (const secret of [KEY, 'my prompt', 'hidden-in-query', said ?? 'nothing was said'])
    expect(text).not.toContain(secret);
});

it('tenants are told apart by a secret of the folder, which nobody else may read', async () => {
  const { ask, ledger } = await recording();
  await ask(ASKED);
  await ask(ASKED, CHAT, { authorization: 'Bearer other' });
  const file = join(ledger, 'tenant-secret');
  expect(statSync(file).mode & 0o777).toBe(0o600);
  const secret = readFileSync(file, 'utf8').trim();
  const hmac = (key: string) => createHmac('sha256', secret).update(key).digest('hex').slice(0, 16);
  expect(rowsIn(ledger).map(({ tenant }) => tenant)).toEqual([hmac(KEY), hmac('other')]);
});

it('the row is there before the client has seen the end marker', async () => {
  const upstream = await rawUpstream((socket) => {
    socket.write('HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\r\n');
    socket.write('data: {"choices":[{"index":0,"delta":{"content":"a"},"finish_reason":"stop"}]}\n\n');
    socket.write('data: [DONE]\n\n');
  });
  const ledger = temporaryFolder();
  const proxy = await started(upstream.url, { ledger });
  const client = rawClient(proxy.port, `POST ${CHAT} HTTP/1.1\r\nHost: me\r\ncontent-length: 2\r\n\r\n{}`);
  await client.until(/DONE/);
  expect(rowsIn(ledger)).toMatchObject([{ end: 'complete', finish: ['stop'] }]);
});

const CHUNK = 'data: {"choices":[{"index":0,"delta":{"content":"a"},"finish_reason":null}]}\n\n';
const HEAD = 'HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n';

it.each([
  ['upstream-unreachable', 502, '', {}],
  ['upstream-cut', 200, `${HEAD}content-length: 999\r\n\r\n${CHUNK}`, {}],
  ['upstream-timeout', 200, `${HEAD}content-length: 999\r\n\r\n${CHUNK}<wait>`, { idleMs: 50 }],
  ['upstream-timeout', 504, '<wait>', { idleMs: 50 }],
] as const)('an answer that does not end by itself: %s, %s', async (end, status, bytes, options) => {
  const upstream = await rawUpstream((socket) => {
    socket.write(bytes.replace('<wait>', ''), () => {
      if (!bytes.endsWith('<wait>')) socket.destroy();
    });
  });
  const ledger = temporaryFolder();
  const proxy = await started(upstream.url, { ledger, ...options });
  await rawClient(
    proxy.port,
    `POST ${CHAT} HTTP/1.1\r\nHost: me\r\nConnection: close\r\ncontent-length: 15\r\n\r\n{"stream":true}`,
  ).closed;
  expect(rowsIn(ledger)).toMatchObject([{ end, status, stream: true, reported: null }]);
});

it('a client that leaves, before and within the answer', async () => {
  const upstream = await rawUpstream((socket, text) => {
    if (text.includes('"within"')) socket.write(`${HEAD}\r\n${CHUNK}`);
  });
  const ledger = temporaryFolder();
  const proxy = await started(upstream.url, { ledger });
  for (const body of ['"before"', '"within"']) {
    const client = rawClient(
      proxy.port,
      `POST ${CHAT} HTTP/1.1\r\nHost: me\r\ncontent-length: 8\r\n\r\n${body}`,
    );
    if (body === '"within"') await client.until(/"a"/);
    else while (upstream.received.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    client.socket.destroy();
    while (rowsIn(ledger).length < (body === '"within"' ? 2 : 1))
      await new Promise((resolve) => setTimeout(resolve, 5));
  }
  expect(rowsIn(ledger)).toMatchObject([
    { end: 'client-left', status: null, firstByteMs: null },
    { end: 'client-left', status: 200, chunks: 1 },
  ]);
});

it('a body that is too large passes unread', async () => {
  const server = await startServer();
  onTestFinished(() => server.close());
  const ledger = temporaryFolder();
  const proxy = await started(server.url, { ledger, maxBodyBytes: 10 });
  const body = JSON.stringify({ ...ASKED, model: MODEL, messages: [{ role: 'user', content: 'x' }] });
  await (await fetch(proxy.url + CHAT, { method: 'POST', body })).text();
  expect(server.requests[0]?.body).toBe(body);
  expect(rowsIn(ledger)).toMatchObject([
    { stream: true, asked: false, reported: { total_tokens: expect.any(Number) } },
  ]);
});

it('what cannot be read is passed on, and the row says what is known', async () => {
  const { ask, ledger } = await recording();
  await ask({ messages: 7 });
  await ask({ model: 'no-such-model' });
  const upstream = await rawUpstream((socket) => {
    socket.end(`${HEAD}content-encoding: br\r\ncontent-length: 3\r\n\r\nxyz`);
  });
  const other = temporaryFolder();
  const proxy = await started(upstream.url, { ledger: other });
  const client = rawClient(
    proxy.port,
    `POST ${CHAT} HTTP/1.1\r\nHost: me\r\nConnection: close\r\nAccept-Encoding: br\r\ncontent-length: 3\r\n\r\nxyz`,
  );
  expect((await client.closed).text).toMatch(/xyz$/);
  expect(upstream.received[0]).toContain('Accept-Encoding: identity\r\n');
  expect(rowsIn(ledger)).toMatchObject([
    { status: 400, problems: [] },
    { status: 404, problems: [] },
  ]);
  expect(rowsIn(other)).toMatchObject([{ model: null, stream: true, reported: null, problems: [] }]);
});

const ROW = { v: 1, id: 'a' } as unknown as LedgerRow;

it('begins a file each day, and never writes over one', () => {
  const folder = temporaryFolder();
  let now = new Date('2026-11-26T23:59:59Z');
  const events = { onRow: () => {}, onFailure: (error: unknown) => expect(error).toBeUndefined() };
  const ledger = new Ledger(folder, events, () => now);
  const beside = new Ledger(folder, events, () => now);
  ledger.add(ROW);
  now = new Date('2026-11-27T00:00:00Z');
  ledger.add(ROW);
  ledger.add(ROW);
  ledger.close();
  beside.close();
  expect(rowsIn(folder)).toHaveLength(3);
});

it('a folder that cannot be used is told at the start', async () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'file'), '');
  await expect(started('http://127.0.0.1:9', { ledger: join(folder, 'file') })).rejects.toMatchObject({
    exitCode: 3,
  });
});
