import type { CaseRecord } from '../model/observations.ts';

/** What later units need to know of earlier ones. */
export interface RunMemory {
  readonly cases: Map<string, CaseRecord>;
  /** Words of each grow case as sent. */
  readonly growWords: Map<string, number>;
  /** Grow and sequence lengths are divided by this; doubles where a prompt was refused as too long, three times at most. */
  shrink: number;
}
