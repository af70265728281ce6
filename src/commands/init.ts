import { existsSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { Command } from 'commander';
import { configText } from '../config/config-text.ts';
import { CONFIG_FILES } from '../config/find-config.ts';
import { targetsOf } from '../config/servers.ts';
import { EXIT } from '../judge/exit-code.ts';
import { UsageError } from '../model/errors.ts';
import { identify } from '../products/index.ts';
import { discover } from '../run/discover.ts';
import { lookerOf } from '../run/look.ts';
import { withDefaults } from '../run/options.ts';
import { Session } from '../run/session.ts';
import { harmless } from '../text/harmless.ts';
import { writeWhole } from '../text/write-whole.ts';
import type { Redact } from '../wire/bounded.ts';
import type { Action } from './support/action.ts';
import { codeOf, complain } from './support/complain.ts';

export interface InitFlags {
  readonly out: string;
  readonly model?: string;
  readonly apiKeyEnv?: string;
}

/** null for what a server said and that has a key in it: it must not get into a file. */
function withoutKey(text: string | null, redact: Redact): string | null {
  return text === null || redact(text) === text ? text : null;
}

/** Looks at a server and writes a config file for it. @returns the exit status. @throws UsageError and its like */
export async function init(url: string, flags: InitFlags): Promise<number> {
  const folder = dirname(flags.out);
  // Two of those in one folder are one too many.
  const names = CONFIG_FILES.some((name) => name === basename(flags.out)) ? CONFIG_FILES : [];
  for (const file of [flags.out, ...names.map((name) => join(folder, name))])
    if (existsSync(file)) throw new UsageError(`${file} is there already; choose another file with --out`);
  if (flags.out.endsWith('.json'))
    throw new UsageError(`--out ${flags.out}: JSON holds no comments; choose a name that ends in .yaml`);
  const { out: _, ...server } = flags;
  const [target] = targetsOf([url], server);
  if (target === undefined) return EXIT.usage;
  const session = new Session(target, withDefaults({ timeoutMs: 15_000 }));
  try {
    const { models, entry } = await discover(session);
    const { halt } = session;
    if (halt !== null && halt.kind !== 'unauthorized') {
      complain(new Error(session.redact(`${target.name}: ${halt.message}; nothing was written`)));
      return EXIT.unjudged;
    }
    const look = lookerOf(session, () => session.halt !== null);
    const found = await identify({ headers: session.headers, models, model: entry, fingerprint: null, look });
    const text = configText(flags.out, {
      url,
      model: withoutKey(session.model, session.redact),
      product: withoutKey([found.product, found.version].filter(Boolean).join(' ') || null, session.redact),
      apiKeyEnv: flags.apiKeyEnv ?? null,
      wantsKey: halt !== null,
    });
    writeWhole(flags.out, text, true);
  } catch (error) {
    if (!(error instanceof Error && 'syscall' in error)) throw error;
    throw new Error(`${flags.out} could not be written (${codeOf(error)}); choose another file with --out`);
  } finally {
    await session.wire.close();
  }
  const found = folder === '.' && names.length > 0;
  process.stdout.write(
    `${harmless(flags.out)} is written; run lastchunk check${found ? '' : ` -c ${harmless(flags.out)}`}\n`,
  );
  return EXIT.ok;
}

/** Its flags, and what it does. */
export function define(command: Command): Action {
  command
    .argument('<url>', 'base URL of the server, with or without /v1')
    .option('--model <name>', 'model to ask for (found by itself where the server lists just one)')
    .option('--api-key-env <name>', 'environment variable with the API key')
    .option('--out <file>', 'file to write', 'lastchunk.yaml');
  return () => init(command.args[0] ?? '', command.opts<InitFlags>());
}
