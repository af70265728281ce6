/** What counts are compared with. */

import { UsageError } from '../model/errors.ts';
import type { SourceId } from '../model/reference.ts';
import type { parseSources, ReferenceOptions } from '../references/options.ts';
import type { ServerTarget } from './server-target.ts';

/** A server, and what its counts are to be compared with. */
export interface PlannedTarget {
  readonly target: ServerTarget;
  readonly references: ReferenceSettings;
}

export interface ReferenceSettings {
  /** null: nothing. Left out: whatever is at hand. */
  readonly reference?: ReturnType<typeof parseSources> | undefined;
  readonly tokenizer?: string | undefined;
  readonly referenceServer?: string | undefined;
}

const AUTO = { sources: null };

/** What was said above (by flags, or for one server) over what holds for all: what it leaves out is left out. */
export function referencesOver(above: ReferenceSettings, below: ReferenceSettings): ReferenceSettings {
  const asks = (source: SourceId, { reference = AUTO }: ReferenceSettings) =>
    reference !== null && (reference.sources === null || reference.sources.includes(source));
  const tokenizer = above.tokenizer ?? (asks('tokenizer', above) ? below.tokenizer : undefined);
  const referenceServer =
    above.referenceServer ?? (asks('server', above) ? below.referenceServer : undefined);
  const contradicted =
    (above.tokenizer !== undefined && !asks('tokenizer', below)) ||
    (above.referenceServer !== undefined && !asks('server', below));
  const wanted = contradicted ? undefined : below.reference;
  // null is an answer: nothing.
  const reference = above.reference === undefined ? wanted : above.reference;
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
 * @throws UsageError, TokenizerError
 */
export async function referenceOf({
  reference: parsed = AUTO,
  tokenizer,
  referenceServer,
}: ReferenceSettings): Promise<ReferenceOptions | null> {
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
  return {
    sources: parsed.sources,
    tokenizer:
      tokenizer === undefined ? null : await (await import('../tokenizer/index.ts')).loadTokenizer(tokenizer),
    serverUrl: referenceServer ?? null,
  };
}
