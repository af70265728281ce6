/** What is kept of a report. */
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from 'vitest';
import { cellsOf } from '../../src/matrix/cells.ts';
import { recordOf } from '../../src/matrix/record-of.ts';
import { recordSchema } from '../../src/matrix/record-schema.ts';
import { recordText } from '../../src/matrix/record-text.ts';
import type { MeasuredRecord } from '../../src/model/record.ts';
import type { Report, ServerReport } from '../../src/model/report.ts';
import { readRecording } from '../../src/recordings/recording.ts';
import { runRecording } from '../../src/run/run-recording.ts';
import {
  sampleReport,
  sampleResult,
  sampleServer,
  silentServer,
  talkingServer,
} from '../reporters/sample-report.ts';

/** What a code host shows without asking, and a person can read through. */
const LARGEST = 16 * 1024;

function recorded(server: ServerReport, change: Partial<Report> = {}): MeasuredRecord {
  const record = recordOf(sampleReport([server], change), server);
  if (record?.state !== 'measured') throw new Error(`not measured: ${JSON.stringify(record)}`);
  return record;
}

test('verdicts are counted by API, way of asking and check; what was skipped is left out', () => {
  const { results } = recorded(talkingServer());
  expect(Object.keys(results)).toEqual(['chat', 'completions']);
  const stream = results.chat?.stream;
  expect(stream?.['usage-present']).toBe(7);
  expect(stream?.['usage-total']).toEqual({ pass: 6, fail: { contradictory: 1 } });
  expect(stream?.['usage-null-before']).toEqual({ warn: { absent: 7 } });
  expect(stream).not.toHaveProperty('reasoning-counted');
  expect(results.chat?.['stream-tools']?.['usage-present']).toBe(1);
});

test('each check and class that fails has one fault, with its last frame and its request', () => {
  const { faults } = recorded(silentServer('0.2.87', 8002));
  expect(faults.map(({ check, case: key }) => [check, key])).toEqual([
    ['usage-present', 'chat/stream/asked/text'],
    ['usage-present', 'completions/stream/asked/text'],
  ]);
  expect(faults[0]).toMatchObject({
    observed: 'absent in all 14 events',
    frame: { data: '[DONE]' },
    curl: expect.stringMatching(/^curl -sN /),
  });
});

test('a fault that came twice is shown rather than one that was not asked again', () => {
  const results = (['-', '2/2'] as const).map((confirmed, i) =>
    sampleResult('usage-last', `chat/stream/asked/${['text', 'short'][i]}`, {
      verdict: 'fail',
      confirmed,
      class: 'early',
      observed: `early: ${confirmed}`,
      evidence: { frames: [], curl: 'curl' },
    }),
  );
  expect(recorded(sampleServer({ results })).faults[0]).toMatchObject({ observed: 'early: 2/2' });
});

describe('the version', () => {
  test('is the one that was launched, and what it says of itself stands beside it', () => {
    const launched = {
      product: 'xllamacpp',
      version: '0.2.7',
      log: null,
      upstream: { product: 'toy', version: '1' },
    };
    const record = recorded(sampleServer({ product: 'llama.cpp', version: 'b1', launched }));
    expect(record).toMatchObject({
      product: 'xllamacpp',
      version: '0.2.7',
      upstream: { product: 'toy', version: '1' },
      identified: { product: 'llama.cpp', version: 'b1' },
    });
  });

  test('is that of a server that ran already; of one that tells none, its name', () => {
    expect(recorded(sampleServer())).toMatchObject({ product: 'llama-cpp-python', version: '0.2.84' });
    expect(recorded(sampleServer({ product: null, version: null, name: 'mine' }))).toMatchObject({
      product: 'mine',
      version: 'mine',
    });
  });
});

test.each(['interrupted', 'out-of-time'] as const)(
  'a run that was broken off (%s) gives no record',
  (kind) => {
    const server = sampleServer({ halt: { kind, message: 'm' } });
    expect(recordOf(sampleReport([server]), server)).toBeNull();
  },
);

test('a server of which nothing was judged is unavailable, with the reason', () => {
  const server = sampleServer({
    results: [],
    halt: { kind: 'unreached', message: 'died before it was ready' },
  });
  expect(recordOf(sampleReport([server]), server)).toMatchObject({
    state: 'unavailable',
    reason: 'died before it was ready',
  });
});

test('a run that ended early says why', () => {
  expect(recorded(silentServer('0.2.84', 8001)).halt).toEqual({
    kind: 'died',
    message: 'connection refused',
    case: 'chat/stream/asked/json',
  });
});

test('no folder of the machine and no port that was free by chance is named', () => {
  const server = sampleServer({
    baseUrl: 'http://127.0.0.1:43127',
    model: '/home/me/models/tiny.gguf',
    startAgain: ['lastchunk', '--model', '/home/me/models/tiny.gguf', '--log', '/cache/x'],
    results: [
      sampleResult('usage-last', 'chat/stream/asked/text', {
        verdict: 'fail',
        observed: 'see /cache/x',
        evidence: {
          frames: [{ at: 1, data: '{"model":"/home/me/models/tiny.gguf"}' }],
          curl: 'curl http://127.0.0.1:43127/v1 -d /home/me/models/tiny.gguf',
        },
      }),
    ],
  });
  const text = JSON.stringify(recordOf(sampleReport([server]), server, [['/cache/', '']]));
  expect(text).not.toMatch(/\/home|\/cache|43127/);
  expect(text).toContain('curl http://127.0.0.1:8080/v1 -d tiny.gguf');
});

test('however many faults there are, and however long what came: what shows them gets what room is left', () => {
  const long = 'x'.repeat(20_000);
  const results = Array.from({ length: 60 }, (_, i) =>
    sampleResult(`check-${i}`, 'chat/stream/asked/text', {
      verdict: 'fail',
      class: long,
      expected: long,
      observed: long,
      evidence: { frames: [{ at: 1, data: long }], curl: `curl ${'y'.repeat(i < 10 ? 900 : 5000)}` },
    }),
  );
  const few = recorded(sampleServer({ results: results.slice(0, 9) }));
  expect(few.faults).toHaveLength(9);
  expect(few.faults.every(({ frame }) => frame !== undefined)).toBe(true);
  expect(few.faults.filter(({ curl }) => curl !== undefined).length).toBeGreaterThan(0);
  expect(recordText(few).length).toBeLessThan(LARGEST);
  const many = recorded(sampleServer({ results }));
  expect(many.faults).toHaveLength(60);
  expect(many.faults.some(({ frame, curl }) => frame !== undefined || curl !== undefined)).toBe(false);
});

describe.each(['llama-cpp-python-0.2.84', 'llama.cpp-b11549'])('of a real run, %s', (name) => {
  let record: MeasuredRecord;
  beforeAll(async () => {
    const folder = fileURLToPath(new URL(`../../fixtures/recordings/${name}`, import.meta.url));
    const { server } = await runRecording(readRecording(folder), { strict: false, profile: null });
    record = recorded(server);
  });

  test('a record is small, and reads back as it was', () => {
    const text = recordText(record);
    expect(Buffer.byteLength(text)).toBeLessThan(LARGEST);
    expect(recordSchema.parse(JSON.parse(text))).toEqual(record);
  });

  test('each way of asking is a line, each fault a block', () => {
    const lines = recordText(record).split('\n');
    expect(lines.filter((line) => /^ {3}"(?:non)?stream(?:-tools)?": \{/.test(line)).length).toBe(
      Object.values(record.results).flatMap((parts) => Object.keys(parts)).length,
    );
    const faults = lines.slice(lines.indexOf(' "faults": [') + 1, -3);
    expect(faults.filter((line) => line.startsWith('  {')).length).toBe(record.faults.length);
  });

  test('what fails in it has a cell and a fault', () => {
    const failing = Object.keys(record.results).flatMap((api) =>
      [...cellsOf(record, api).values()]
        .filter(({ mark }) => mark === 'fail')
        .flatMap(({ broken }) => broken),
    );
    expect(failing.length).toBeGreaterThan(0);
    const kept = new Set(record.faults.map(({ check, class: id }) => `${check} ${id}`));
    expect(failing.filter(({ check, class: id }) => !kept.has(`${check} ${id}`))).toEqual([]);
  });
});
