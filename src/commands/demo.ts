import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Command } from 'commander';
import { FIRST_CATALOGUE } from '../checks/support/define-check.ts';
import { labelOf } from '../config/server-target.ts';
import { UsageError } from '../model/errors.ts';
import type { ServerReport } from '../model/report.ts';
import type { RecordingHead } from '../recordings/recorded.ts';
import { readRecording } from '../recordings/recording.ts';
import { HEAD_FILE } from '../recordings/recording-files.ts';
import { startReplay, type Timing } from '../recordings/server.ts';
import { loadReporter } from '../reporters/index.ts';
import { reportOf } from '../run/run.ts';
import { howItRan, referenceOf } from '../run/run-recording.ts';
import { runServer } from '../run/run-server.ts';
import type { Action } from './support/action.ts';
import { replayOf } from './support/start-again.ts';
import { reportContext } from './support/terminal-context.ts';

/** Those of a checkout, or as the build packs them for the package. */
const RECORDINGS = ['../../fixtures/recordings', '../demo'].map((path) =>
  fileURLToPath(new URL(path, import.meta.url)),
);

/** Where the replayed run judged otherwise than the run that was recorded. */
export function differencesOf(head: RecordingHead, server: ServerReport): readonly string[] {
  const found = new Map(server.results.map((result) => [`${result.check} ${result.case}`, result.verdict]));
  const keys = new Set([...Object.keys(head.verdicts), ...found.keys()]);
  return [...keys].flatMap((key) => {
    const [was, is] = [head.verdicts[key] ?? 'nothing', found.get(key) ?? 'nothing'];
    return was === is ? [] : [`${head.label}: ${key}: recorded ${was}, replayed ${is}`];
  });
}

/** Checks one recording over HTTP as if it were a live server. */
export async function checkRecording(
  folder: string,
  timing: Timing,
): Promise<{ readonly head: RecordingHead; readonly server: ServerReport }> {
  const recording = readRecording(folder);
  const { head } = recording;
  const reference = referenceOf(head);
  const replay = await startReplay(recording, { timing });
  try {
    const server = await runServer(
      {
        name: head.label,
        url: replay.url,
        model: null,
        headers: {},
        profile: null,
        label: labelOf(head.label),
      },
      {
        ...howItRan(head),
        ...(reference === null ? {} : { reference }),
        strict: false,
        signal: new AbortController().signal,
        progress: () => {},
      },
    );
    return { head, server: { ...server, startAgain: replayOf(folder, replay.url) } };
  } finally {
    await replay.close();
  }
}

/** Replays every recorded server and checks it. @returns 0 where each verdict is that of the recorded run, else 1 */
export async function demo(timing: Timing, colour: boolean): Promise<number> {
  const startedAt = new Date();
  const begun = performance.now();
  const folders = RECORDINGS.filter((folder) => existsSync(folder))
    .slice(0, 1)
    .flatMap((folder) => readdirSync(folder).map((name) => join(folder, name)))
    .filter((folder) => existsSync(join(folder, HEAD_FILE)));
  const checked = await Promise.all(folders.sort().map((folder) => checkRecording(folder, timing)));
  const servers = checked.map(({ server }) => server);
  const [first] = checked;
  const report = reportOf(
    servers,
    {
      seed: first?.head.seed ?? 0,
      suite: first?.head.suite ?? 'standard',
      catalogue: first?.head.catalogue ?? FIRST_CATALOGUE,
      strict: false,
      signal: new AbortController().signal,
    },
    { startedAt, durationMs: performance.now() - begun },
  );
  process.stdout.write((await loadReporter('table'))(report, reportContext(colour)));
  const differences = checked.flatMap(({ head, server }) => differencesOf(head, server));
  process.stdout.write(
    differences.length === 0
      ? `\ndemo: every verdict is that of the recorded run (${servers.length} recorded servers, replayed on loopback)\n`
      : `\ndemo: ${differences.length} verdicts differ from the recorded run\n${differences.slice(0, 20).join('\n')}\n`,
  );
  return differences.length === 0 ? 0 : 1;
}

/** Its flags, and what it does. */
export function define(command: Command): Action {
  command
    .option('--timing <mode>', 'real: as recorded; none: at once', 'none')
    .option('--no-color', 'no colours');
  return () => {
    const { timing, color } = command.opts<{ timing: string; color: boolean }>();
    if (timing !== 'real' && timing !== 'none')
      throw new UsageError(`--timing ${JSON.stringify(timing)}: write real or none`);
    return demo(timing, color);
  };
}
