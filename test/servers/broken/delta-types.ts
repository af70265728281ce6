/** Deltas that hold something else where text belongs. */
import { chat, legacy, option, streaming, toolCalled, when } from '../conditions.ts';
import { changedChoices, choicesOf, events, isContent, isFinish } from '../edits.ts';
import type { BrokenServer } from '../entries.ts';
import type { Habits, StreamEvent } from '../habits.ts';
import { isJson, type Json } from '../request.ts';

const says = (key: string) => (event: StreamEvent) =>
  choicesOf(event).some(({ delta }) => isJson(delta) && key in delta);

/** Changes the delta of the first chunk for which the test holds. */
const firstDelta = (test: (event: StreamEvent) => boolean, change: (delta: Json) => Json): Habits => ({
  mapEvents: (list) => {
    const first = list.find(test);
    return changedChoices(
      (event) => event === first,
      ({ delta }) => ({ delta: { ...(delta as Json), ...change(delta as Json) } }),
    )(list);
  },
});
const hasText = (event: StreamEvent) =>
  isContent(event) && choicesOf(event).some(({ delta }) => isJson(delta) && Boolean(delta.content));

export const deltaTypes: BrokenServer[] = [
  {
    name: 'a delta’s content is a list of parts',
    source: 'delta-types, Mistral: content as a list of chunks',
    says: 'list',
    habits: when(
      chat,
      firstDelta(hasText, ({ content }) => ({ content: [{ type: 'text', text: content }] })),
    ),
  },
  {
    name: 'a delta’s content is a number',
    source: 'delta-types: tokens sent as what they look like',
    habits: when(
      chat,
      firstDelta(hasText, () => ({ content: 7 })),
    ),
  },
  {
    name: 'the last delta’s content is false',
    source: 'delta-types',
    habits: when(
      chat,
      firstDelta(isFinish, () => ({ content: false })),
    ),
  },
  {
    name: 'reasoning content is an object, in streams without usage only',
    source: 'delta-types: with every option',
    habits: when(
      option('unasked'),
      when(
        chat,
        firstDelta(isContent, () => ({ reasoning_content: {} })),
      ),
    ),
  },
  {
    name: 'a tool call’s arguments are an object',
    source: 'delta-types, Ollama’s own shape',
    suite: 'standard' as const,
    habits: when(
      toolCalled,
      firstDelta(says('tool_calls'), () => ({
        tool_calls: [{ index: 0, id: 'call_0', type: 'function', function: { name: 'x', arguments: {} } }],
      })),
    ),
  },
  {
    name: 'the text of a legacy finish is a number',
    source: 'delta-types: text',
    habits: when(legacy, when(streaming, events(changedChoices(isFinish, () => ({ text: 0 }))))),
  },
].map((server) => ({ ...server, fails: [], warns: ['delta-types'] }));
