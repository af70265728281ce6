/** `--reference`, `--tokenizer` and `--reference-server`, validated before anything is sent. */

import { UsageError } from '../model/errors.ts';
import { sourceIds } from '../model/reference.ts';
import { parseSources, type ReferenceOptions } from '../references/options.ts';
import type { ServerTarget } from '../run/options.ts';
import { parseServerUrl } from '../wire/url.ts';
import type { PlannedTarget } from './planned.ts';

export interface ReferenceFlags {
  readonly reference?: string | undefined;
  readonly tokenizer?: string | undefined;
  readonly referenceServer?: string | undefined;
}

/** What was said above (by flags, or for one server) over what holds for all: what it leaves out is left out. */
export function referencesOver(above: ReferenceFlags, below: ReferenceFlags): ReferenceFlags {
  const asks = (source: string, { reference = 'auto' }: ReferenceFlags) =>
    reference === 'auto' || reference.split(',').some((name) => name.trim() === source);
  const tokenizer = above.tokenizer ?? (asks('tokenizer', above) ? below.tokenizer : undefined);
  const referenceServer =
    above.referenceServer ?? (asks('server', above) ? below.referenceServer : undefined);
  const contradicted =
    (above.tokenizer !== undefined && !asks('tokenizer', below)) ||
    (above.referenceServer !== undefined && !asks('server', below));
  const reference = above.reference ?? (contradicted ? undefined : below.reference);
  return { reference, tokenizer, referenceServer };
}

/** Servers with what their counts are compared with; a tokenizer that several share is loaded once. @throws as referenceOf */
export async function withReferences(servers: readonly PlannedTarget[]): Promise<readonly ServerTarget[]> {
  const loaded = new Map<string, ReferenceOptions | null>();
  const targets: ServerTarget[] = [];
  for (const { target, references } of servers) {
    const key = JSON.stringify(references);
    const reference = loaded.get(key) ?? (await referenceOf(references));
    loaded.set(key, reference);
    targets.push({ ...target, reference });
  }
  return targets;
}

/**
 * @returns null for `--reference none`
 * @throws UsageError, ServerUrlError, TokenizerError
 */
export async function referenceOf(flags: ReferenceFlags): Promise<ReferenceOptions | null> {
  const { tokenizer, referenceServer } = flags;
  const parsed = sourcesOf(flags.reference ?? 'auto');
  const given = [
    ...(tokenizer === undefined ? [] : ['--tokenizer']),
    ...(referenceServer === undefined ? [] : ['--reference-server']),
  ];
  if (parsed === null) {
    if (given.length > 0) throw new UsageError(`--reference none and ${given.join(', ')}: leave one out`);
    return null;
  }
  const needs = [
    ['tokenizer', tokenizer, '--tokenizer PATH'],
    ['server', referenceServer, '--reference-server URL'],
  ] as const;
  for (const [source, value, flag] of needs) {
    if (parsed.sources?.includes(source) && value === undefined)
      throw new UsageError(`--reference ${source} needs ${flag}`);
    if (value !== undefined && parsed.sources !== null && !parsed.sources.includes(source))
      throw new UsageError(`${flag.split(' ')[0]} is given, but --reference leaves "${source}" out; add it`);
  }
  if (referenceServer !== undefined) parseServerUrl(referenceServer);
  return {
    sources: parsed.sources,
    tokenizer:
      tokenizer === undefined ? null : await (await import('../tokenizer/index.ts')).loadTokenizer(tokenizer),
    serverUrl: referenceServer ?? null,
  };
}

function sourcesOf(text: string) {
  try {
    return parseSources(text);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new UsageError(`--reference: ${why}; write auto, none or some of ${sourceIds.join(',')}`);
  }
}
