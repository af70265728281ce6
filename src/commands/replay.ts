import { once } from 'node:events';
import type { Command } from 'commander';
import { integer } from '../config/flags.ts';
import { UsageError } from '../model/errors.ts';
import { faultNames, faultWords } from '../recordings/faults.ts';
import { readRecording } from '../recordings/recording.ts';
import type { Asked } from '../recordings/request-key.ts';
import { type Match, startReplay } from '../recordings/server.ts';
import { didYouMean } from '../text/did-you-mean.ts';
import { harmless } from '../text/harmless.ts';
import type { Action } from './support/action.ts';
import { collectList } from './support/collect.ts';
import { codeOf } from './support/complain.ts';

export interface ReplayFlags {
  readonly port: string;
  readonly timing: string;
  readonly fault?: string[];
}

/** Serves a recording until it is interrupted. @throws UsageError */
export async function replay(folder: string, flags: ReplayFlags): Promise<number> {
  const { timing } = flags;
  if (timing !== 'real' && timing !== 'none')
    throw new UsageError(`--timing ${JSON.stringify(timing)}: write real or none`);
  const faults = flags.fault ?? [];
  const unknown = faults.find((name) => !faultNames.includes(name));
  if (unknown !== undefined)
    throw new UsageError(
      `unknown fault ${JSON.stringify(unknown)}${didYouMean(unknown, faultNames)} (${faultNames.join(', ')})`,
    );
  const port = integer(flags.port, '--port', 0, 65_535);
  const recording = readRecording(folder);
  const onRequest = ({ method, path }: Asked, match: Match) => {
    if (match === 'exact') return;
    const how = match === 'none' ? 'not recorded' : 'not recorded, answered as the most similar request was';
    process.stderr.write(`${harmless(`${method} ${path}`, 120)}: ${how}\n`);
  };
  const server = await startReplay(recording, { timing, faults, port, onRequest }).catch((error: unknown) => {
    throw new UsageError(
      `port ${port} can't be listened on (${codeOf(error)}); choose another --port, or 0 for a free one`,
    );
  });
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

/** Its flags, and what it does. */
export function define(command: Command): Action {
  command
    .argument('<dir>', 'folder of a recording')
    .option('--port <n>', 'port to listen on; 0: a free one', '0')
    .option('--timing <mode>', 'real: as recorded; none: at once', 'real')
    .option('--fault <name>', 'a fault in every stream; may be repeated, or a comma list', collectList)
    .addHelpText('after', `\nThe URL is printed on stdout. Faults:\n  ${faultWords.join('\n  ')}`);
  return () => replay(command.args[0] ?? '', command.opts<ReplayFlags>());
}
