/** Answers whose text or end differs between the modes, and nobody's fault. */
import type { Answer, AnswerChoice } from '../answer.ts';
import {
  all,
  type Condition,
  chat,
  foreign,
  limitedTo,
  plain,
  streaming,
  toolCalled,
  when,
} from '../conditions.ts';
import { changedChoices, isContent, isFinish } from '../edits.ts';
import type { OddServer } from '../entries.ts';
import type { Context, Habits, StreamEvent } from '../habits.ts';

const choices =
  (change: (choice: AnswerChoice) => Partial<AnswerChoice>) =>
  (answer: Answer): Answer => ({
    ...answer,
    choices: answer.choices.map((choice) => ({ ...choice, ...change(choice) })),
  });
/** What comes of the last piece of a text that the limit cut, by mode. */
const lastAtLimit = (condition: Condition, streamed: string, whole: string): Habits => ({
  mapAnswer: (answer, c) =>
    condition(c)
      ? choices(({ text, finish }) =>
          finish === 'length' && text.length > 1
            ? { text: [...text.slice(0, -1), c.mode === 'stream' ? streamed : whole] }
            : {},
        )(answer)
      : answer,
});
const withoutLast = (list: StreamEvent[]) => {
  const last = list.findLastIndex(isContent);
  return list.filter((_event, at) => at !== last);
};
/** A fault that comes once in a unit, by chance: the first time that a prompt is streamed. */
const atFirst = (c: Context) => c.seenInMode === 0;
/** Thinks for longer in streams, shows nothing of it, and says how much it was. */
const hidden = (thought: (c: Context) => number): Habits => ({
  mapAnswer: (answer, c) =>
    choices(({ text }) => ({ text: text.slice(thought(c)), reasoning: text.slice(0, thought(c)) }))(answer),
  mapEvents: (list) => list.filter((event) => !JSON.stringify(event).includes('reasoning_content')),
  mapBody: (body) =>
    JSON.parse(JSON.stringify(body, (key, value) => (key === 'reasoning_content' ? undefined : value))),
});

export const betweenModes: OddServer[] = [
  {
    name: 'white space is trimmed without streaming',
    source: 'text-matches-nonstream: white space at the ends',
    habits: when(plain, { mapAnswer: choices(({ text }) => ({ text: [text.join('').trim()] })) }),
  },
  {
    name: 'white space is trimmed in streams',
    source: 'text-matches-nonstream: white space at the ends',
    habits: lastAtLimit(() => true, '', '\n\n'),
  },
  {
    name: 'half a character at the limit is held back in streams',
    source: 'text-matches-nonstream: U+FFFD at the ends',
    habits: lastAtLimit(foreign, '', '\uFFFD'),
  },
  {
    name: 'half a character at the limit is shown in streams',
    source: 'text-matches-nonstream: U+FFFD at the ends',
    habits: lastAtLimit(foreign, '\uFFFD\uFFFD', ''),
  },
  {
    name: 'a stream loses its end once',
    source: 'what does not come twice is a skip',
    habits: when(all(streaming, atFirst), { mapEvents: withoutLast }),
  },
  {
    name: 'a stream ends for another reason once',
    source: 'what does not come twice is a skip',
    habits: {
      mapEvents: (list, c) =>
        toolCalled(c) && c.seenInMode === 0
          ? changedChoices(isFinish, () => ({ finish_reason: 'stop' }))(list)
          : list,
    },
  },
  {
    name: 'thinks longer in streams, and hides it',
    source: 'DeepSeek and OpenAI count reasoning that they do not show',
    habits: when(
      chat,
      hidden((c) => (c.mode === 'stream' ? 7 : 5)),
    ),
  },
  {
    name: 'thinks so long in streams that nothing is left to say',
    source: 'DeepSeek and OpenAI count reasoning that they do not show',
    habits: when(
      all(chat, limitedTo(256)),
      hidden((c) => (c.mode === 'stream' ? 400 : 5)),
    ),
  },
];
