/** Prompts of one shape and three lengths. */
import type { Ask } from '../model/api.ts';
import type { Scenario, Sending } from '../model/scenario.ts';
import { answered, askEach, scenario } from './define.ts';
import { growPrompt } from './prompts.ts';

const LIMIT = 8;
const LENGTHS = [20, 80, 240] as const;
type Length = (typeof LENGTHS)[number];

const idOf = (length: Length) => `grow-${length}` as const;

/** A prompt as long as it was when it was sent alone; lengths may have been halved since, for another API. */
const grownPrompt = (length: Length, sending: Sending): string =>
  growPrompt(sending.wordsSent(idOf(length)) ?? sending.words(length), sending.seed);

/** The requests of all three as they were sent alone. */
export const grown = (sending: Sending) =>
  LENGTHS.map((length) => ({
    scenario: idOf(length),
    ask: { prompt: grownPrompt(length, sending), limit: LIMIT },
  }));

export const grow: readonly Scenario[] = LENGTHS.map((length) => {
  const asks = ({ words, seed }: Sending): readonly Ask[] => [
    { prompt: growPrompt(words(length), seed), limit: LIMIT },
  ];
  return scenario({
    id: idOf(length),
    unit: 'grow',
    shrinks: true,
    about: `a prompt with ${length} words, limit ${LIMIT}`,
    asks,
    send: async (sender) => answered(await askEach(sender, asks(sender)), sender.words(length)),
  });
});
