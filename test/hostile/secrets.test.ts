/** A key that a server says back, in every place and spelling, is in no output and in no recording. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { Recorder } from '../../src/recordings/recorder.ts';
import { bytesOf, readRecording } from '../../src/recordings/recording.ts';
import { EXCHANGES_FILE, HEAD_FILE } from '../../src/recordings/recording-files.ts';
import { runRecording } from '../../src/run/run-recording.ts';
import { SETTINGS } from '../run/settings.ts';
import { hostileServer, KEY, underAttack } from './attack.ts';
import { expectHarmless, expectHarmlessText, formsOf } from './outputs.ts';
import { places } from './places.ts';

const COOKIE = 'zoo-session-0123456789';
/** Headers as users give them: the key, and others that are secrets by their kind. */
const HEADERS = { cookie: COOKIE, 'x-api-key': KEY };

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'lastchunk-zoo-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

const recorderIn = (folder: string, url: string, headers: Record<string, string>) =>
  new Recorder(
    folder,
    {
      model: null,
      suite: 'smoke',
      seed: 11,
      run: {
        ...{ name: 'server', url, label: null, headers, body: {}, apis: ['chat'], only: [], skip: [] },
        ...{ confirm: false, concurrency: 1 },
      },
    },
    false,
  );

/** Runs against a server that says this text in this place; looks at outputs, recording and what is judged of it. @returns the JSON report */
async function expectKept(place: string, said: string, secrets: readonly string[]): Promise<string> {
  const habits = places[place];
  if (habits === undefined) throw new Error(`no place ${place}`);
  const url = await hostileServer(habits(said));
  const folder = temporaryFolder();
  const recorder = recorderIn(folder, url, HEADERS);
  const { report, rendered } = await underAttack(url, {
    headers: HEADERS,
    transport: recorder,
    timeoutMs: 2000,
  });
  const [server] = report.servers;
  if (server === undefined) throw new Error('no server in the report');
  recorder.finish(server, true);
  expectHarmless(rendered, secrets);
  for (const name of [HEAD_FILE, EXCHANGES_FILE]) {
    const text = readFileSync(join(folder, name), 'utf8');
    for (const form of secrets.flatMap(formsOf))
      expect(text.includes(form), `${name}: as ${form}`).toBe(false);
  }
  const recording = readRecording(folder);
  const bodies = recording.exchanges.map(({ reply }) =>
    Buffer.concat(reply.pieces.map(bytesOf)).toString('latin1'),
  );
  for (const form of secrets.flatMap(formsOf))
    expect(bodies.join('\n').includes(form), `a body: as ${form}`).toBe(false);
  const again = await runRecording(recording, { strict: SETTINGS.strict, profile: null });
  expectHarmlessText(JSON.stringify(again.server), secrets, 'check --from');
  return rendered.json;
}

describe('the key as it is', () => {
  it.each(Object.keys(places))('in %s', async (place) => {
    await expectKept(place, `no ${KEY} here`, [KEY, COOKIE]);
  });
});

describe('a cookie', () => {
  it.each(['a refusal', 'finish reasons', 'headers'])('in %s', async (place) => {
    await expectKept(place, COOKIE, [COOKIE]);
  });
});

const base64 = (text: string) => Buffer.from(text).toString('base64');
const spellings: Readonly<Record<string, string>> = {
  'as PHP writes JSON': KEY.replaceAll('/', '\\/'),
  'with an escape of JSON': KEY.replaceAll('/', '\\u002f'),
  'with an escape of JSON in capitals': KEY.replaceAll('/', '\\u002F'),
  'percent-encoded': encodeURIComponent(KEY),
  'percent-encoded in small letters': encodeURIComponent(KEY).replace(/%../g, (code) => code.toLowerCase()),
  'percent-encoded in part': encodeURIComponent(KEY).replaceAll('%2B', '+'),
  'in base64': base64(KEY),
  'in base64, with what stood before it': base64(`Bearer ${KEY}`),
  'in base64, in the middle': base64(`me:${KEY}\n`),
  'in base64 of URLs': Buffer.from(`a:${KEY}`).toString('base64url'),
};

describe('the key in another spelling', () => {
  it.each(Object.entries(spellings))('%s', async (_name, spelt) => {
    for (const place of ['a refusal', 'finish reasons', 'an event that is no JSON', 'headers'])
      await expectKept(place, `no ${spelt} here`, [KEY]);
  });
});

it('what was taken out is seen to be', async () => {
  expect(await expectKept('finish reasons', KEY, [KEY])).toContain('REDACTED');
});
