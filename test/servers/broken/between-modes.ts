/** Streams that end for another reason than whole answers, or lose the end of their text. */
import type { AnswerChoice } from '../answer.ts';
import {
  all,
  type Condition,
  chat,
  ends as ending,
  foreign,
  jsonMode,
  legacy,
  plain,
  streaming,
  toolCalled,
  when,
  withStop,
} from '../conditions.ts';
import { changedChoices, isContent, isFinish, without } from '../edits.ts';
import type { BrokenServer } from '../entries.ts';
import type { Habits, StreamEvent } from '../habits.ts';

const choices = (change: (choice: AnswerChoice) => Partial<AnswerChoice>): Habits => ({
  mapAnswer: (answer) => ({
    ...answer,
    choices: answer.choices.map((choice) => ({ ...choice, ...change(choice) })),
  }),
});

/** A call that fills its limit of 64, and the reasons that the modes give for its end. */
const cutCall = (reasonFor: Condition): Habits => ({
  mapAnswer: (answer, c) => {
    if (c.calls === undefined) return answer;
    const tool = { name: c.calls, arguments: Array.from({ length: 62 }, () => ' a') };
    const finish = reasonFor(c) ? 'tool_calls' : 'length';
    return { ...answer, choices: answer.choices.map((one) => ({ ...one, tool, tokens: 64, finish })) };
  },
});
const reason = (finish: string): Habits => ({
  mapEvents: changedChoices(isFinish, () => ({ finish_reason: finish })),
});

export const ends: BrokenServer[] = [
  {
    name: 'a tool call cut by the limit ends with tool_calls in streams',
    source: 'finish-matches-nonstream, C9',
    habits: cutCall(streaming),
  },
  {
    name: 'a tool call cut by the limit ends with tool_calls without streaming',
    source: 'finish-matches-nonstream, C9',
    habits: cutCall(plain),
  },
  {
    name: 'a called tool ends with stop in streams',
    source: 'finish-matches-nonstream, C9',
    habits: when(all(streaming, toolCalled), reason('stop')),
  },
  {
    name: 'another word for a natural end in streams',
    source: 'finish-matches-nonstream, C9',
    habits: when(all(streaming, ending('stop')), reason('eos')),
  },
  {
    name: 'a limit that cuts signs is a stop in legacy streams',
    source: 'finish-matches-nonstream, C9',
    habits: when(
      all(streaming, legacy, foreign),
      choices(() => ({ finish: 'stop' })),
    ),
  },
].map((server) => ({
  ...server,
  suite: 'standard' as const,
  fails: [],
  warns: ['finish-matches-nonstream'],
}));

const lastContent = (list: StreamEvent[]) => list.findLastIndex(isContent);
const withoutLast: Habits = {
  mapEvents: (list) => list.filter((_event, at) => at !== lastContent(list)),
};

export const losses: BrokenServer[] = [
  {
    name: 'the last text of a stream never comes',
    source: 'text-matches-nonstream, C9',
    suite: 'smoke' as const,
    habits: when(streaming, withoutLast),
  },
  {
    name: 'the text of the chunk with the finish is lost',
    source: 'text-matches-nonstream, C9',
    suite: 'smoke' as const,
    habits: {
      finishWithLastToken: true,
      ...when(all(streaming, chat), { mapEvents: changedChoices(isFinish, () => ({ delta: {} })) }),
    },
  },
  {
    name: 'a stream in JSON mode delivers nothing',
    source: 'text-matches-nonstream, C9',
    suite: 'standard' as const,
    habits: when(all(streaming, jsonMode), { mapEvents: without(isContent) }),
  },
  {
    name: 'what may be a stop string is held back for ever',
    source: 'text-matches-nonstream, C9',
    suite: 'standard' as const,
    habits: when(
      all(streaming, withStop),
      choices(({ text }) => ({ text: text.slice(0, -2) })),
    ),
  },
].map((server) => ({ ...server, fails: [], warns: ['text-matches-nonstream'] }));
