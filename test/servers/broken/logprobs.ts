/** More or fewer log probabilities than tokens are counted. */
import { chat, legacy, plain, streaming, when } from '../conditions.ts';
import { changedChoices, choicesOf, isContent, isFinish } from '../edits.ts';
import type { BrokenServer } from '../entries.ts';
import type { Habits, StreamEvent } from '../habits.ts';
import { isJson, type Json } from '../request.ts';

const hasSome = (event: StreamEvent) => choicesOf(event).some(({ logprobs }) => isJson(logprobs));

const firstOnes = (count: number): Habits => ({
  mapEvents: (list) => {
    const first = list.filter(hasSome).slice(0, count);
    return changedChoices(
      (event) => first.includes(event),
      () => ({ logprobs: null }),
    )(list);
  },
});
/** The finish chunk repeats what the chunk before it said. */
const repeatedAtTheEnd: Habits = {
  mapEvents: (list) => {
    const [last] = list
      .filter((event) => hasSome(event) && isContent(event))
      .flatMap(choicesOf)
      .slice(-1);
    return last === undefined ? list : changedChoices(isFinish, () => ({ logprobs: last.logprobs }))(list);
  },
};

export const logprobs: BrokenServer[] = [
  {
    name: 'the first token comes without its log probability',
    source: 'completion-matches-logprobs',
    habits: when(streaming, firstOnes(1)),
  },
  {
    name: 'the last log probability comes twice',
    source: 'completion-matches-logprobs: summed over the chunks',
    habits: repeatedAtTheEnd,
  },
  {
    name: 'one more legacy token than is counted, not streaming',
    source: 'completion-matches-logprobs: tokens',
    habits: when(
      plain,
      when(legacy, {
        mapBody: (body) => ({
          ...body,
          choices: (body.choices as Json[]).map((choice) =>
            isJson(choice.logprobs)
              ? {
                  ...choice,
                  logprobs: { ...choice.logprobs, tokens: [...(choice.logprobs.tokens as string[]), '.'] },
                }
              : choice,
          ),
        }),
      }),
    ),
  },
  {
    name: 'two tokens without log probabilities before a natural end',
    source: 'completion-matches-logprobs: at any other finish one more or fewer',
    habits: { traits: { endsAfter: 5 }, ...when(chat, firstOnes(2)) },
  },
].map((server) => ({
  ...server,
  suite: 'full' as const,
  fails: [],
  warns: ['completion-matches-logprobs'],
  warnsAtMost: true,
}));
