/** Usage that nobody asked for. */
import { all, legacy, not, option, streaming, when } from '../conditions.ts';
import { changed, choicesOf, chunkOf, events, insertedBefore, isDone, isFinish } from '../edits.ts';
import type { BrokenServer } from '../entries.ts';
import type { Habits, StreamEvent } from '../habits.ts';
import { trueUsage } from '../usage.ts';

const added = (place: (list: StreamEvent[], chunk: StreamEvent) => StreamEvent[]): Habits => ({
  mapEvents: (list, c) => {
    const first = chunkOf(list[0] ?? { raw: '' });
    return place(list, { json: { ...first, choices: [], usage: trueUsage(c, {}) } });
  },
});
const beforeDone = added((list, chunk) => insertedBefore(isDone, chunk)(list));
const afterDone = added((list, chunk) => [...list, chunk]);
const onFinish: Habits = {
  mapEvents: (list, c) => changed(isFinish, () => ({ usage: trueUsage(c, {}) }))(list),
};
const zerosEverywhere = events(
  changed(
    (event) => choicesOf(event).length > 0,
    () => ({ usage: { prompt_tokens: 0, completion_tokens: 0, total_tokens: 0 } }),
  ),
);
const notAsked = all(streaming, not(option('asked')));

export const unrequested: BrokenServer[] = [
  {
    name: 'usage in every stream',
    source: 'llama.cpp b6219 to b6507, C4',
    habits: when(notAsked, beforeDone),
  },
  {
    name: 'usage on the finish chunk, asked or not',
    source: 'llama.cpp#16048, C4',
    habits: when(notAsked, onFinish),
  },
  {
    name: 'usage for include_usage false',
    source: 'tt-inference-server#632, C4',
    habits: when(option('false'), beforeDone),
  },
  {
    name: 'usage for stream_options null',
    source: 'quotio#460, C4',
    habits: when(option('null'), beforeDone),
  },
  {
    name: 'usage for stream_options {}',
    source: 'vllm#36379, C4',
    habits: when(option('empty'), beforeDone),
  },
  {
    name: 'usage without stream_options',
    source: 'llama.cpp#12102, C4',
    habits: when(option('unasked'), beforeDone),
  },
  {
    name: 'usage in every legacy stream',
    source: 'llama.cpp legacy, C4',
    habits: when(all(notAsked, legacy), onFinish),
  },
  {
    name: 'usage after [DONE], not asked',
    source: 'C4',
    habits: when(option('unasked', 'false'), afterDone),
  },
  {
    name: 'zeros on every chunk, not asked',
    source: 'LocalAI zeros, C4',
    habits: when(option('unasked'), zerosEverywhere),
  },
].map((server) => ({ ...server, fails: ['usage-unrequested'] }));
