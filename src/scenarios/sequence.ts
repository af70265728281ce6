import { words } from './prompts.ts';

/** The four very different requests of the scenario sequence: no two have the same prompt or the same limit. */
export const SEQUENCE = [
  { words: 8, limit: 5 },
  { words: 60, limit: 12 },
  { words: 20, limit: 7 },
  { words: 120, limit: 16 },
] as const;

/**
 * @param shrink lengths are divided by this
 * @param attempt prompts are new with each sending
 */
export function sequencePrompt(
  step: (typeof SEQUENCE)[number],
  shrink: number,
  seed: number,
  attempt: number,
): string {
  const size = Math.max(2, Math.floor(step.words / shrink));
  return `${step.words}: go on with this list of words, as a very long list: ${words(size, seed, `sequence/${step.words}/${attempt}`)}`;
}
