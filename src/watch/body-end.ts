import type { Ending } from '../model/exchange.ts';

/** How a body ended: by itself, broken off, or left by whoever read it. */
export type BodyEnd = 'clean' | 'cut' | 'left';

const ENDINGS: Readonly<Record<BodyEnd, Ending>> = {
  clean: { kind: 'clean' },
  cut: { kind: 'cut', message: 'the body broke off' },
  left: { kind: 'left' },
};

export const endingOf = (how: BodyEnd): Ending => ENDINGS[how];
