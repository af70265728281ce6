/** Correct servers with unusual habits: nothing may fail, and the exit code is 0. */
import type { OddServer } from './entries.ts';
import { betweenModes } from './odd/between-modes.ts';
import { chunks } from './odd/chunks.ts';
import { conversations } from './odd/conversations.ts';
import { framing } from './odd/framing.ts';
import { inBand } from './odd/in-band.ts';
import { raw } from './odd/raw.ts';
import { refusals } from './odd/refusals.ts';
import { usage } from './odd/usage.ts';
import { weather } from './odd/weather.ts';
import { windows } from './odd/windows.ts';

/** By kind. */
export const ODD_KINDS: ReadonlyArray<readonly OddServer[]> = [
  framing,
  chunks,
  usage,
  refusals,
  weather,
  windows,
  inBand,
  raw,
  conversations,
  betweenModes,
];

export const ODD: readonly OddServer[] = ODD_KINDS.flat();
