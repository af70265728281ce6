import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { NEWEST_CATALOGUE } from '../../src/checks/catalogue.ts';
import type { ServerTarget } from '../../src/config/server-target.ts';
import type { ServerReport } from '../../src/model/report.ts';
import { Recorder } from '../../src/recordings/recorder.ts';
import { type Recording, readRecording } from '../../src/recordings/recording.ts';
import type { RunOptions } from '../../src/run/options.ts';
import { checkServers } from '../../src/run/run.ts';
import { SETTINGS } from '../run/settings.ts';

const folders: string[] = [];

/** An empty folder; what made some calls {@link removeFolders} after all tests. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'lastchunk-recording-'));
  folders.push(folder);
  return folder;
}

export function removeFolders(): void {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
}

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
    {
      model: target.model,
      suite,
      seed,
      catalogue: NEWEST_CATALOGUE,
      run: { ...run, only: [], skip: [], confirm, concurrency },
    },
    false,
  );
  const { servers, partial } = await checkServers([target], { ...options, transport: recorder });
  const [live] = servers;
  if (live === undefined) throw new Error('no server was checked');
  recorder.finish(live, !partial);
  return { live, folder, recording: readRecording(folder) };
}
