import {
  all,
  byNewLimit,
  chat,
  ends,
  foreign,
  jsonMode,
  legacy,
  listed,
  not,
  several,
  streaming,
  toolCalled,
  toolsSent,
  warm,
  when,
  withLogprobs,
  withStop,
} from '../conditions.ts';
import { changed, changedChoices, events, inTurn, isDone, isFinish, isTrailer, without } from '../edits.ts';
import type { BrokenServer } from '../entries.ts';
import type { Habits } from '../habits.ts';

const noTrailer = events(without(isTrailer));
const nullUsage: Habits = when(streaming, { mapUsage: () => null });
/** The usage chunk behind the end marker. */
const late: Habits = {
  mapEvents: (list) => [...list.filter((e) => !isTrailer(e)), ...list.filter(isTrailer)],
};
const fails: BrokenServer['fails'] = ['usage-present'];

export const presence: BrokenServer[] = [
  { name: 'no usage in any stream', source: 'llama-cpp-python#1082, C1', fails, habits: noTrailer },
  {
    name: 'the last chunk has empty choices and no usage',
    source: 'LM Studio lmstudio-bug-tracker#676, C1',
    fails,
    habits: when(streaming, { mapUsage: () => undefined }),
  },
  { name: 'usage null though asked', source: 'TGI#2531, C1', fails, habits: nullUsage },
  {
    name: 'no usage in legacy streams',
    source: 'private-ai-gateway#80, C1',
    fails,
    habits: when(legacy, noTrailer),
  },
  { name: 'no usage in chat streams', source: 'sglang#954, C1', fails, habits: when(chat, noTrailer) },
  {
    name: 'no usage when a tool is called',
    source: 'koboldcpp#2480, C1',
    fails,
    habits: when(toolCalled, noTrailer),
  },
  {
    name: 'usage null as soon as tools are sent',
    source: 'KTransformers tool path, C1',
    fails,
    habits: when(toolsSent, nullUsage),
  },
  {
    name: 'no usage with n 2',
    source: 'litellm capture chat-stream-usage-n2, C1',
    fails,
    habits: when(several, noTrailer),
  },
  {
    name: 'no usage at a natural end',
    source: 'vllm-swift#19, C1',
    fails,
    habits: when(ends('stop'), noTrailer),
  },
  {
    name: 'no usage when the limit cut the answer',
    source: 'pegainfer#78, C1',
    fails,
    habits: when(ends('length'), noTrailer),
  },
  {
    name: 'no usage for a prompt seen before',
    source: 'C1 (answer cache)',
    fails,
    habits: when(all(streaming, warm), noTrailer),
  },
  { name: 'no usage in JSON mode', source: 'C1', fails, habits: when(jsonMode, noTrailer) },
  { name: 'no usage when a stop string is sent', source: 'C1', fails, habits: when(withStop, noTrailer) },
  { name: 'usage null for prompts beyond ASCII', source: 'C1', fails, habits: when(foreign, nullUsage) },
  { name: 'no usage by max_completion_tokens', source: 'C1', fails, habits: when(byNewLimit, noTrailer) },
  { name: 'no usage for a list of prompts', source: 'C1', fails, habits: when(listed, noTrailer) },
  {
    name: 'no usage with log probabilities',
    source: 'C1',
    fails,
    suite: 'full',
    habits: when(withLogprobs, noTrailer),
  },
  {
    name: 'no usage with penalties',
    source: 'C1',
    fails,
    suite: 'full',
    habits: when(
      (c) => c.body.frequency_penalty !== undefined || c.body.presence_penalty !== undefined,
      noTrailer,
    ),
  },
  { name: 'no usage with n 2 in legacy', source: 'C1', fails, habits: when(all(several, legacy), noTrailer) },
  { name: 'usage after [DONE]', source: 'C1 late', fails, habits: late },
  { name: 'usage after [DONE], legacy only', source: 'C1 late', fails, habits: when(legacy, late) },
  {
    name: 'usage inside the choice of the finish chunk',
    source: 'Moonshot, pi#2017, C3',
    fails,
    habits: when(streaming, {
      mapEvents: (list, c) =>
        inTurn(
          without(isTrailer),
          changedChoices(isFinish, () => ({
            usage: {
              prompt_tokens: c.answer.promptTokens,
              completion_tokens: c.limit,
              total_tokens: c.answer.promptTokens + c.limit,
            },
          })),
        )(list),
    }),
  },
  {
    name: 'usage under another key (x_groq)',
    source: 'Groq x_groq.usage, B',
    fails,
    habits: events(changed(isTrailer, (chunk) => ({ usage: undefined, x_groq: { usage: chunk.usage } }))),
  },
  {
    name: 'a gateway swallows the usage chunk and [DONE]',
    source: 'Morpheus#570, C1 C11',
    fails: ['usage-present', 'stream-end'],
    habits: events(inTurn(without(isTrailer), without(isDone))),
  },
  {
    name: 'usage after [DONE] with tools only',
    source: 'C1 late',
    fails,
    habits: when(toolCalled, late),
  },
  {
    name: 'usage once in three requests',
    source: 'C1 (a replica without it)',
    fails,
    mayAlso: ['parallel-independent', 'recovers-after-abort', 'sequence-independent'],
    habits: when((c) => c.number % 3 !== 0, noTrailer),
  },
  {
    name: 'usage null when the answer is unfinished text, present elsewhere',
    source: 'Portkey+Azure gateway#910, C1',
    fails,
    habits: when(all(streaming, chat, not(toolsSent)), { mapUsage: () => null }),
  },
];
