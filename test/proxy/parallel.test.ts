/** Many at once, and clients that leave wherever they like. */
import { createServer, request as open } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { rowsIn, temporaryFolder } from './rows.ts';
import { started } from './started.ts';

const STREAMS = 1_000;
const CHUNKS = 12;
const PATH = '/v1/completions';

const event = (text: string, finish: string | null) =>
  `data: ${JSON.stringify({ id: text, choices: [{ index: 0, text, finish_reason: finish }] })}\n\n`;

/** Streams whose id is the request's model; each waits for all others, so that they are open together. */
async function together(count: number) {
  const waiting: Array<() => void> = [];
  let closed = 0;
  const server = createServer(async (request, response) => {
    const pieces: Buffer[] = [];
    for await (const piece of request) pieces.push(piece as Buffer);
    const { model } = JSON.parse(Buffer.concat(pieces).toString()) as { model: string };
    response.on('close', () => {
      closed += 1;
    });
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(event(model, null));
    waiting.push(() => response.end(`${event('', 'stop')}data: [DONE]\n\n`));
    if (waiting.length === count) for (const finish of waiting) finish();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', 4096, resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, closed: () => closed };
}

it(`${STREAMS} streams at once, each with its row`, async () => {
  const server = await together(STREAMS);
  const ledger = temporaryFolder();
  const proxy = await started(server.url, { ledger });
  const names = Array.from({ length: STREAMS }, (_, at) => `m${at}`);
  const texts = await Promise.all(
    names.map(async (model) => {
      const body = JSON.stringify({ model, stream: true });
      return (await fetch(proxy.url + PATH, { method: 'POST', body })).text();
    }),
  );
  expect(texts).toEqual(names.map((name) => `${event(name, null)}${event('', 'stop')}data: [DONE]\n\n`));
  const rows = rowsIn(ledger);
  expect(rows.map(({ model }) => model).sort()).toEqual(names.sort());
  expect(rows.every(({ responseId, model, end }) => responseId === model && end === 'complete')).toBe(true);
});

it('a client that leaves behind each chunk: what came is in the row, and the server is left at once', async () => {
  const closed: Array<Promise<void>> = [];
  const server = createServer((_, response) => {
    let at = 0;
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    closed.push(new Promise((resolve) => response.on('close', resolve)));
    const next = () => {
      if (response.destroyed) return;
      at += 1;
      if (at <= CHUNKS) response.write(event(`t${at}`, null), () => setTimeout(next, 3));
    };
    next();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const ledger = temporaryFolder();
  const proxy = await started(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, { ledger });
  const leaveBehind = (chunk: number) =>
    new Promise<void>((resolve) => {
      const sent = open(proxy.url + PATH, { method: 'POST' }, (answer) => {
        let text = '';
        answer.on('error', () => undefined);
        answer.setEncoding('utf8').on('data', (more: string) => {
          text += more;
          if (text.includes(`"t${chunk}"`)) sent.destroy();
        });
        answer.on('close', resolve);
      });
      sent.on('error', () => undefined).end(JSON.stringify({ model: `leaves${chunk}`, stream: true }));
    });
  for (let chunk = 1; chunk <= CHUNKS; chunk += 1) await leaveBehind(chunk);
  await Promise.all(closed);
  while (rowsIn(ledger).length < CHUNKS) await new Promise((resolve) => setTimeout(resolve, 5));
  for (const row of rowsIn(ledger)) {
    expect(row).toMatchObject({ end: 'client-left', status: 200, reported: null });
    expect(row.chunks).toBeGreaterThanOrEqual(Number(/\d+/.exec(row.model ?? '')?.[0]));
  }
});
