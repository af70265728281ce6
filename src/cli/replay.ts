import { once } from 'node:events';
import { faultNames, isFault } from '../replay/faults.ts';
import { RecordingError, readRecording } from '../replay/recording.ts';
import { startReplay } from '../replay/server.ts';
import { harmless } from '../report/harmless.ts';
import { integer } from './check-flags.ts';
import { UsageError } from './exit.ts';

export interface ReplayFlags {
  readonly port: string;
  readonly timing: string;
  readonly fault?: string[];
}

/** Serves a recording until it is interrupted. @throws UsageError */
export async function replay(folder: string, flags: ReplayFlags): Promise<number> {
  const { timing, fault: faults = [] } = flags;
  if (timing !== 'real' && timing !== 'none')
    throw new UsageError(`--timing ${JSON.stringify(timing)}: write real or none`);
  const unknown = faults.find((name) => !isFault(name));
  if (unknown !== undefined)
    throw new UsageError(`unknown fault ${JSON.stringify(unknown)}: write ${faultNames.join(', ')}`);
  const recording = readRecording(folder);
  const server = await startReplay(recording, timing, faults, integer(flags.port, '--port', 0, 65_535)).catch(
    (error: unknown) => {
      const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
      throw new RecordingError(
        `port ${flags.port} can't be listened on (${code}); choose another --port, or 0 for a free one`,
      );
    },
  );
  process.stdout.write(`${server.url}\n`);
  process.stderr.write(
    `replaying ${harmless(recording.head.label)}, model ${harmless(recording.head.model ?? '(none)')}; end with Ctrl-C\n`,
  );
  const ended = new AbortController();
  await Promise.race([
    once(process, 'SIGINT', { signal: ended.signal }),
    once(process, 'SIGTERM', { signal: ended.signal }),
  ]);
  ended.abort();
  await server.close();
  return 0;
}
