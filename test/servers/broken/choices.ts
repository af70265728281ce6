/** Several choices, several prompts. */

import type { Answer } from '../answer.ts';
import { all, legacy, listed, plain, several, streaming, when } from '../conditions.ts';
import { changedChoices, choicesOf, events, isFinish } from '../edits.ts';
import type { BrokenServer } from '../entries.ts';
import type { Habits, StreamEvent } from '../habits.ts';
import type { Json } from '../request.ts';

const any = (event: StreamEvent) => choicesOf(event).length > 0;
const bodyIndex = (index: unknown): Habits => ({
  mapBody: (body) => ({ ...body, choices: (body.choices as Json[]).map((choice) => ({ ...choice, index })) }),
});
const streamIndex = (index: unknown, on = any): Habits => events(changedChoices(on, () => ({ index })));

export const indexed: BrokenServer[] = [
  {
    name: 'with n 2 every index is 0',
    source: 'C11',
    habits: when(several, { ...streamIndex(0), ...bodyIndex(0) }),
  },
  { name: 'with n 2 every index is 0 in streams', source: 'C11', habits: when(several, streamIndex(0)) },
  { name: 'with n 2 every index is 0 without streaming', source: 'C11', habits: when(several, bodyIndex(0)) },
  { name: 'with n 2 no choice has an index', source: 'C11', habits: when(several, streamIndex(undefined)) },
  {
    name: 'with n 2 both finishes have the index 0',
    source: 'LiteLLM capture chat-stream-n2 (duplicate finish), C11',
    habits: when(several, streamIndex(0, isFinish)),
  },
  {
    name: 'with n 2 all deltas have the index 0',
    source: 'C11',
    habits: when(
      several,
      streamIndex(0, (event) => !isFinish(event)),
    ),
  },
  {
    name: 'every index is 0 for a list of prompts',
    source: 'C11',
    habits: when(listed, { ...streamIndex(0), ...bodyIndex(0) }),
  },
  {
    name: 'with n 2 every index is 0 in legacy streams',
    source: 'C11',
    habits: when(all(several, legacy), streamIndex(0)),
  },
].map((server) => ({ ...server, fails: ['choices-indexed'] }));

/** Completion of the first choice only. */
const firstChoice: Habits = {
  mapUsage: (usage, c) => {
    const made = c.answer.choices[0]?.tokens ?? 0;
    return { ...usage, completion_tokens: made, total_tokens: usage.prompt_tokens + made };
  },
};
const promptTimes = (factor: number): Habits => ({
  mapUsage: (usage) => {
    const made = usage.prompt_tokens * factor;
    return { ...usage, prompt_tokens: made, total_tokens: made + usage.completion_tokens };
  },
});

export const counted: BrokenServer[] = [
  {
    name: 'with n 2 the first choice is counted alone',
    source: 'llama.cpp n 2, C6',
    habits: when(several, firstChoice),
  },
  {
    name: 'with n 2 the prompt counts twice',
    source: 'FastChat, DeepSpeed-MII, kserve#3712, C7',
    habits: when(several, promptTimes(2)),
  },
  {
    name: 'with n 2 the first choice alone in streams',
    source: 'LiteLLM capture n2, C6',
    habits: when(all(several, streaming), firstChoice),
  },
  {
    name: 'with n 2 the first choice alone without streaming',
    source: 'llama.cpp n 2 (5, not 10), C6',
    habits: when(all(several, plain), firstChoice),
  },
  {
    name: 'with n 2 the prompt counts twice in legacy',
    source: 'C7',
    habits: when(all(several, legacy), promptTimes(2)),
  },
].map((server) => ({ ...server, fails: ['choices-counted'] }));

export const promptTwiceInStreams: BrokenServer = {
  name: 'with n 2 the prompt counts twice in streams',
  source: 'C7',
  fails: ['choices-counted'],
  mayAlso: ['prompt-matches-nonstream'],
  habits: when(all(several, streaming), promptTimes(2)),
};

const firstPrompt: Habits = {
  mapUsage: (usage, c) => {
    const made = c.promptTokens[0] ?? 0;
    return { ...usage, prompt_tokens: made, total_tokens: made + usage.completion_tokens };
  },
};
const onlyFirst = (answer: Answer): Answer => ({ ...answer, choices: answer.choices.slice(0, 1) });

export const lists: BrokenServer[] = [
  {
    name: 'of a list only the first prompt counts',
    source: 'llama.cpp, C7',
    habits: when(listed, firstPrompt),
  },
  { name: 'of a list only the first completion counts', source: 'C6', habits: when(listed, firstChoice) },
  { name: 'a list counts double', source: 'kserve#3712, C7', habits: when(listed, promptTimes(2)) },
  {
    name: 'only the first prompt of a list is answered and counted',
    source: 'llama.cpp, C7',
    habits: when(listed, { ...firstPrompt, mapAnswer: onlyFirst }),
  },
].map((server) => ({ ...server, fails: ['list-prompts-counted'] }));
