/** What a count is compared with: a number from somewhere else than the usage, and how far it can be trusted. */

/**
 * exact: the request forced it, or template and tokenizer are the server's own.
 * template-dependent: a template, or a beginning-of-text token, had to be guessed.
 * estimate: anything else; shown, never judged.
 */
export type Authority = 'exact' | 'template-dependent' | 'estimate';

/** Where a reference comes from, as `--reference` names it. Two references of one source are not independent. */
export const sourceIds = ['forced', 'ids', 'endpoint', 'tokenizer', 'server', 'estimate'] as const;
export type SourceId = (typeof sourceIds)[number];

export interface Reference {
  readonly source: SourceId;
  /** What it is called in reports: `/tokenize`, `gguf`, `forced length`, `token ids`, `second server`. */
  readonly name: string;
  readonly authority: Authority;
  readonly count: number;
  /** How much less, and how much more than this a true count may be; left out: nothing. */
  readonly slack?: { readonly below: number; readonly above: number };
  /** Why it is not exact, in a few words. */
  readonly doubt?: string;
}

/** A source that was asked for by name and gave no count at all, and why. */
export interface SilentReference {
  readonly source: SourceId;
  readonly message: string;
}

/** What was gathered to compare counts with: plain data, which judging reads. */
export interface References {
  /** The sources that may be used. */
  readonly sources: ReadonlySet<SourceId>;
  /** By the key of their prompt. */
  readonly prompts: ReadonlyMap<string, readonly Reference[]>;
  /** By the key of the answer. */
  readonly completions: ReadonlyMap<string, readonly Reference[]>;
  /** By the key of the answer: the tokens of the text as it came, by whichever tokenizer is at hand. */
  readonly retokenised: ReadonlyMap<string, Reference>;
}

/** Whether a reported count is a true one by this reference. */
export function agrees({ count, slack }: Reference, reported: number): boolean {
  return reported >= count - (slack?.below ?? 0) && reported <= count + (slack?.above ?? 0);
}

/** "gguf says 31", with the leeway where there is one. */
export function says({ name, count, slack }: Reference): string {
  const most = count + (slack?.above ?? 0);
  const least = count - (slack?.below ?? 0);
  return least === most ? `${name} says ${count}` : `${name} says ${least} to ${most}`;
}
