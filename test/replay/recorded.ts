import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { apis } from '../../src/apis/index.ts';
import { everything } from '../../src/plan/selection.ts';
import { Recorder } from '../../src/replay/recorder.ts';
import { type Recording, readRecording } from '../../src/replay/recording.ts';
import type { ServerReport } from '../../src/report/model.ts';
import type { RunOptions, ServerTarget } from '../../src/run/options.ts';
import { checkServers } from '../../src/run/run.ts';

const root = mkdtempSync(join(tmpdir(), 'lastchunk-recording-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** An empty folder that is gone after the tests. */
export const temporaryFolder = (): string => mkdtempSync(join(root, 'of-'));

export const SETTINGS: RunOptions = {
  apis: [...apis.keys()],
  suite: 'smoke',
  selection: everything,
  seed: 11,
  confirm: true,
  strict: false,
  timeoutMs: 10_000,
  waitMs: 0,
  concurrency: 1,
  body: {},
  caPem: null,
  signal: new AbortController().signal,
  progress: () => {},
};

export const targetAt = (url: string, more: Partial<ServerTarget> = {}): ServerTarget => ({
  name: 'server',
  url,
  model: null,
  headers: {},
  label: null,
  profile: null,
  ...more,
});

export interface Recorded {
  readonly live: ServerReport;
  readonly folder: string;
  readonly recording: Recording;
}

/** Records a run as `lastchunk record` does. */
export async function recorded(target: ServerTarget, more: Partial<RunOptions> = {}): Promise<Recorded> {
  const options = { ...SETTINGS, ...more };
  const folder = join(temporaryFolder(), 'recording');
  const { name, url, headers } = target;
  const { suite, seed, confirm, concurrency, body } = options;
  const run = { name, url, label: null, headers: { ...headers }, body: { ...body }, apis: [...options.apis] };
  const recorder = new Recorder(
    folder,
    { model: target.model, suite, seed, run: { ...run, only: [], skip: [], confirm, concurrency } },
    false,
  );
  const { servers, partial } = await checkServers([target], { ...options, transport: recorder });
  const [live] = servers;
  if (live === undefined) throw new Error('no server was checked');
  recorder.finish(live, !partial);
  return { live, folder, recording: readRecording(folder) };
}
