/** A run is recorded and judged again from what was kept: every word of the report is the same, and no key is in it. */
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it, onTestFinished } from 'vitest';
import { NEWEST_CATALOGUE } from '../../src/checks/catalogue.ts';
import type { ServerReport } from '../../src/model/report.ts';
import { Recorder } from '../../src/recordings/recorder.ts';
import { bytesOf } from '../../src/recordings/recording.ts';
import { howItRan, runRecording } from '../../src/run/run-recording.ts';
import { targetAt } from '../run/settings.ts';
import { BROKEN } from '../servers/broken.ts';
import { startServer } from '../servers/model-server.ts';
import { ODD } from '../servers/odd.ts';
import { UNJUDGEABLE } from '../servers/unjudgeable.ts';
import { recorded, removeFolders, temporaryFolder } from './recorded.ts';

afterAll(removeFolders);

/** But for the time it took. */
function said({ results, durationMs: _, serverMs: __, ...report }: ServerReport) {
  return {
    ...report,
    results: results.map(({ evidence, ...result }) => ({
      ...result,
      frames: evidence?.frames.map(({ data }) => data),
      curl: evidence?.curl,
    })),
  };
}

const again = async (recording: Parameters<typeof runRecording>[0]) =>
  await runRecording(recording, { strict: false, profile: null });

describe.concurrent('judged from the recording as when it was recorded', () => {
  const entries = [...BROKEN, ...ODD, ...UNJUDGEABLE];
  it.each([
    'gzip',
    'CR line ends',
    'bodies that end with the connection',
    'bodies cut off, not streaming',
    'dies in the middle of a JSON answer',
    'refuses max_tokens in chat',
    'a 429 once',
    'never answers',
    'closes every connection',
    '401 everywhere',
  ])('%s', async (name) => {
    const entry = entries.find((one) => one.name === name);
    if (entry === undefined) throw new Error('no such server');
    const server = await startServer(entry.habits);
    const { live, recording } = await recorded(targetAt(server.url, { model: entry.model ?? null }), {
      suite: name.startsWith('dies') ? 'standard' : 'smoke',
      timeoutMs: entry.timeoutMs ?? 10_000,
    }).finally(() => server.close());
    expect(said((await again(recording)).server)).toEqual(said(live));
  });
});

/** Says the key back in headers, texts and errors, in two pieces or compressed. */
async function echo(compressed: boolean): Promise<string> {
  const server = createServer((request, response) => {
    const key = request.headers.authorization ?? '';
    const text = `you are ${key} at ${request.url}, ${request.headers['x-api-key']}`;
    const models = JSON.stringify({ data: [{ id: 'toy', text }] });
    const stream = `data: ${JSON.stringify({ choices: [{ index: 0, delta: { content: text } }] })}\n\ndata: [DONE]\n\n`;
    const body = request.url?.includes('/models') ? models : stream;
    response.setHeader(
      'content-type',
      request.url?.includes('/models') ? 'application/json' : 'text/event-stream',
    );
    response.setHeader('set-cookie', `session=${key}`);
    response.setHeader('x-you', key);
    request.resume().on('end', () => {
      if (compressed) {
        response.setHeader('content-encoding', 'gzip');
        response.end(gzipSync(body));
        return;
      }
      const half = body.indexOf('sk-') + 6;
      response.write(body.slice(0, half));
      setTimeout(() => response.end(body.slice(half)), 5);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

it.each([false, true])(
  'holds no key, though the server says it back (compressed: %s)',
  async (compressed) => {
    const place = await echo(compressed);
    const target = targetAt(`http://me:pw-111-ab@${place}/v1?api-key=qk-222-cd`, {
      headers: { authorization: 'Bearer sk-333-ef', 'x-api-key': 'hk-444-gh', 'x-org': 'org-555-ij' },
    });
    const { folder, recording, live } = await recorded(target, {
      apis: ['chat'],
      body: { tenant_secret: 'bk-666-kl' },
    });
    const onDisk = readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8'));
    const inBodies = recording.exchanges.map(({ reply }) =>
      Buffer.concat(reply.pieces.map(bytesOf)).toString(),
    );
    expect([...onDisk, ...inBodies].join('\n')).not.toMatch(/pw-111|qk-222|sk-333|hk-444|org-555|bk-666/);
    expect(inBodies[0]).toContain('you are');
    // Of the user's headers only the names are known.
    const shown = JSON.stringify(said(live)).replaceAll('org-555-ij', 'REDACTED');
    expect(JSON.stringify(said((await again(recording)).server))).toBe(shown);
  },
);

it('keeps what came up to an interruption, and is judged as interrupted', async () => {
  const server = await startServer({});
  const interrupt = new AbortController();
  const { live, recording } = await recorded(targetAt(server.url), {
    signal: interrupt.signal,
    progress: ({ doing }) => doing === 'chat short' && interrupt.abort(),
  }).finally(() => server.close());
  expect(recording.head.complete).toBe(false);
  const { server: judged, partial } = await again(recording);
  expect(partial).toBe(true);
  expect(said(judged)).toEqual(said(live));
});

it('writes over nothing but a recording, and over that only where it is told to', () => {
  const folder = temporaryFolder();
  const run = { name: '', url: 'http://x', label: null, headers: {}, body: {}, apis: [], only: [], skip: [] };
  const begun = {
    model: null,
    suite: 'smoke',
    seed: 1,
    run: { ...run, confirm: true, concurrency: 1 },
  } as const;
  const record = (replace: boolean) => () => new Recorder(folder, begun, replace);
  expect(record(false)).not.toThrow();
  expect(record(false)).toThrow('holds a recording; choose another --out, or --force to replace it');
  expect(record(true)).not.toThrow();
  for (const name of readdirSync(folder)) rmSync(join(folder, name));
  writeFileSync(join(folder, 'thesis.txt'), '');
  expect(record(true)).toThrow('has other files in it; choose another --out');
});

it('a recording names the catalogue that was run, and one without a name is of the first', async () => {
  const server = await startServer({});
  const { recording } = await recorded(targetAt(server.url)).finally(() => server.close());
  expect(recording.head.catalogue).toBe(NEWEST_CATALOGUE);
  const { catalogue: _, ...older } = recording.head;
  expect(howItRan(older).catalogue).toBe(1);
  await expect(again({ ...recording, head: { ...older, catalogue: 99 } })).rejects.toThrow(
    `there is no catalogue 99; the newest is ${NEWEST_CATALOGUE}`,
  );
});
