import { findConfig } from '../../config/find-config.ts';
import type { LoadedConfig } from '../../config/load-config.ts';
import type { PlanFlags } from '../../config/plan.ts';
import { shownPath } from '../../config/shown-place.ts';
import { harmless } from '../../text/harmless.ts';
import { complainAsWritten } from './complain.ts';

/** Those that stand on the command line. */
export interface CheckFlags extends PlanFlags {
  readonly from?: string;
  readonly updateBaseline?: boolean;
  readonly shard?: string;
  readonly dryRun?: boolean;
  readonly verbose?: boolean;
  readonly color?: boolean;
  /** A file; false: none, even where one would be found. */
  readonly config?: string | false;
}

/** The config file that was named, or is found; null: none. @throws ConfigError */
export async function configFor({ config }: CheckFlags): Promise<LoadedConfig | null> {
  if (config === false) return null;
  const file = config ?? findConfig(process.cwd());
  if (file === null) return null;
  const { loadConfig } = await import('../../config/load-config.ts');
  const loaded = loadConfig(file, process.env);
  complainAsWritten(loaded.asWritten);
  if (config === undefined)
    process.stderr.write(`lastchunk: settings from ${harmless(shownPath(file))} (--no-config for none)\n`);
  return loaded;
}
