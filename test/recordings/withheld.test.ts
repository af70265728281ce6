/** A body that cannot be read through is in no recording where a key was sent: nobody could take the key out. */
import { readdirSync, readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { brotliCompressSync, deflateRawSync, deflateSync, gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { bytesOf } from '../../src/recordings/recording.ts';
import { runRecording } from '../../src/run/run-recording.ts';
import { targetAt } from '../run/settings.ts';
import { recorded, removeFolders } from './recorded.ts';

afterAll(removeFolders);

const KEY = 'sk-777-within-the-answer';
const TEXT = JSON.stringify({
  object: 'chat.completion',
  choices: [{ index: 0, message: { role: 'assistant', content: `you are ${KEY} `.repeat(40) } }],
});
const noise = Buffer.from(Array.from({ length: 400 }, (_, at) => (at * 7919) % 251));
const damaged = Buffer.from(gzipSync(TEXT + noise.toString('hex')));
damaged.fill(0xff, damaged.length - 40, damaged.length - 20);

interface Answer {
  readonly coding?: string;
  readonly bytes: Buffer;
  /** The connection breaks off behind it. */
  readonly cut?: true;
}

/** A server whose models are plain, and whose answers are as given. */
async function answering({ coding, bytes, cut }: Answer): Promise<Server> {
  const server = createServer((request, response) => {
    const isModels = request.url?.includes('/models') ?? false;
    response.setHeader('content-type', 'application/json');
    if (!isModels && coding !== undefined) response.setHeader('content-encoding', coding);
    request.resume().on('end', () => {
      if (isModels) response.end('{"data":[{"id":"toy"}]}');
      else if (cut) response.write(bytes, () => setTimeout(() => response.destroy(), 20));
      else response.end(bytes);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}

/** What the answers in a recording say, whatever was done to hide it. */
async function kept(answer: Answer, headers: Record<string, string>) {
  const server = await answering(answer);
  const target = targetAt(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, { headers });
  const { folder, recording } = await recorded(target, { apis: ['chat'] }).finally(() => server.close());
  const onDisk = readdirSync(folder)
    .map((name) => readFileSync(join(folder, name), 'utf8'))
    .join('\n');
  const answers = recording.exchanges.filter(({ method }) => method === 'POST').map(({ reply }) => reply);
  const bodies = answers.map(({ pieces }) => Buffer.concat(pieces.map(bytesOf)));
  return { recording, onDisk, answers, bodies };
}

const half = (bytes: Buffer) => bytes.subarray(0, Math.floor(bytes.length * 0.8));
const unreadable: ReadonlyArray<readonly [string, Answer]> = [
  ['gzip that is cut off by its server', { coding: 'gzip', bytes: half(gzipSync(TEXT)) }],
  ['gzip that breaks off', { coding: 'gzip', bytes: half(gzipSync(TEXT)), cut: true }],
  ['deflate that is cut off', { coding: 'deflate', bytes: half(deflateSync(TEXT)) }],
  ['bare deflate that is cut off', { coding: 'deflate', bytes: half(deflateRawSync(TEXT)) }],
  ['brotli that is cut off', { coding: 'br', bytes: half(brotliCompressSync(TEXT)) }],
  ['damaged gzip', { coding: 'gzip', bytes: damaged }],
  ['gzip, gzip', { coding: 'gzip, gzip', bytes: gzipSync(gzipSync(TEXT)) }],
  ['gzip twice under one name', { coding: 'gzip', bytes: gzipSync(gzipSync(TEXT)) }],
  ['a name of no coding', { coding: 'gzipped', bytes: gzipSync(TEXT) }],
  ['the name of another coding', { coding: 'br', bytes: gzipSync(TEXT) }],
  ['no name at all', { bytes: gzipSync(TEXT) }],
  [
    'a second stream behind the first',
    { coding: 'br', bytes: Buffer.concat([brotliCompressSync('{}'), brotliCompressSync(TEXT)]) },
  ],
  ['UTF-16', { bytes: Buffer.from(TEXT, 'utf16le') }],
  ['UTF-16 within gzip', { coding: 'gzip', bytes: gzipSync(Buffer.from(TEXT, 'utf16le')) }],
  [
    'a nest deeper than the stack',
    { bytes: Buffer.from(`data: {"choices":${'['.repeat(20_000)}"${KEY}"${']'.repeat(20_000)}}\n\n`) },
  ],
];

describe.concurrent('where a key was sent, a body is not kept that is', () => {
  it.each(unreadable)('%s', async (_what, answer) => {
    const { recording, onDisk, answers, bodies } = await kept(answer, { authorization: `Bearer ${KEY}` });
    expect(answers.length).toBeGreaterThan(0);
    expect(new Set(answers.map(({ withheld }) => withheld))).toEqual(
      new Set(['it cannot be read through, and a key may be in it']),
    );
    expect(Buffer.concat(bodies)).toHaveLength(0);
    expect(onDisk).not.toContain(KEY);
    const { server } = await runRecording(recording, { strict: false, profile: null });
    const judged = server.results.filter(({ verdict }) => verdict !== 'skip');
    expect(new Set(judged.map(({ verdict }) => verdict))).toEqual(new Set(['error']));
    expect(judged[0]?.message ?? judged[0]?.observed).toContain('is not in the recording');
  });
});

it('is kept as it came where no key was sent', async () => {
  const bytes = half(gzipSync(TEXT));
  const { answers, bodies } = await kept({ coding: 'gzip', bytes, cut: true }, {});
  expect(answers.every(({ withheld }) => withheld === undefined)).toBe(true);
  expect(bodies[0]).toEqual(bytes);
});

it('is kept, compressed, where it can be read and says no key', async () => {
  const bytes = gzipSync(TEXT.replaceAll(KEY, 'somebody'));
  const { bodies } = await kept({ coding: 'gzip', bytes }, { authorization: `Bearer ${KEY}` });
  expect(gunzipSync(bodies[0] ?? Buffer.alloc(0)).toString()).toContain('you are somebody');
});

it('is kept, without the key, where a coding is named that was not used', async () => {
  const { bodies, onDisk } = await kept(
    { coding: 'zstd', bytes: Buffer.from(TEXT) },
    { authorization: `Bearer ${KEY}` },
  );
  expect(bodies[0]?.toString()).toContain('you are REDACTED');
  expect(onDisk).not.toContain(KEY);
});
