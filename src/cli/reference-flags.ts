/** `--reference`, `--tokenizer` and `--reference-server`, validated before anything is sent. */
import { parseSources, type ReferenceOptions } from '../reference/options.ts';
import { sourceIds } from '../reference/reference.ts';
import { parseServerUrl } from '../wire/url.ts';
import { UsageError } from './exit.ts';

export interface ReferenceFlags {
  readonly reference?: string;
  readonly tokenizer?: string;
  readonly referenceServer?: string;
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
