/** The usage chunk does not belong to its stream. */

import type { Chunk } from '../chunks.ts';
import { chat, legacy, toolCalled, when } from '../conditions.ts';
import { changed, chunkOf, events, isTrailer } from '../edits.ts';
import type { BrokenServer } from '../entries.ts';
import type { Habits } from '../habits.ts';

const trailer = (change: Partial<Chunk>): Habits => events(changed(isTrailer, () => change));

const ids: Pick<BrokenServer, 'name' | 'source' | 'habits'>[] = [
  { name: 'the usage chunk has the id ""', source: 'TGI, C11', habits: trailer({ id: '' }) },
  {
    name: 'the usage chunk has another id',
    source: 'sglang#39864, C11',
    habits: trailer({ id: 'chatcmpl-other' }),
  },
  { name: 'the usage chunk has no id', source: 'OVMS#3553, C11', habits: trailer({ id: undefined }) },
  { name: 'the usage chunk has the id null', source: 'C11', habits: trailer({ id: null }) },
  {
    name: 'another id in legacy streams',
    source: 'C11',
    habits: when(legacy, trailer({ id: 'cmpl-other' })),
  },
  {
    name: 'another id when a tool is called',
    source: 'C11',
    habits: when(toolCalled, trailer({ id: 'chatcmpl-tool' })),
  },
];

const shapes: Pick<BrokenServer, 'name' | 'source' | 'habits'>[] = [
  {
    name: 'the usage chunk is a chat.completion',
    source: 'mlx-lm, C11',
    habits: when(chat, trailer({ object: 'chat.completion' })),
  },
  {
    name: 'the legacy usage chunk is a chat.completion.chunk',
    source: 'LocalAI, C11',
    habits: when(legacy, trailer({ object: 'chat.completion.chunk' })),
  },
  {
    name: 'the legacy usage chunk is a text_completion.chunk',
    source: 'OpenVINO MS, C11',
    habits: when(legacy, trailer({ object: 'text_completion.chunk' })),
  },
  {
    name: 'the usage chunk has no object',
    source: 'litellm#14429, C11',
    habits: trailer({ object: undefined }),
  },
  {
    name: 'the usage chunk has no created',
    source: 'foundry-local#144, C11',
    habits: trailer({ created: undefined }),
  },
  { name: 'the usage chunk has created null', source: 'C11', habits: trailer({ created: null }) },
  {
    name: 'the usage chunk has created as a string',
    source: 'C11',
    habits: trailer({ created: '1790000000' }),
  },
  {
    name: 'the usage chunk has no model',
    source: 'TabbyAPI model_name, C11',
    habits: events(changed(isTrailer, (chunk) => ({ model: undefined, model_name: chunk.model }))),
  },
  {
    name: 'the usage chunk is usage and choices alone',
    source: 'C11',
    habits: trailer({ object: undefined, created: undefined, model: undefined }),
  },
];

export const envelope: BrokenServer[] = [
  ...ids.map((server): BrokenServer => ({ ...server, fails: ['usage-chunk-id'] })),
  ...shapes.map((server): BrokenServer => ({ ...server, fails: ['usage-chunk-envelope'] })),
  {
    name: 'no chunk has an id',
    source: 'OVMS#3553, C11',
    fails: ['usage-chunk-id'],
    mayAlso: ['sequence-independent'],
    habits: events(
      changed(
        (event) => chunkOf(event) !== undefined,
        () => ({ id: undefined }),
      ),
    ),
  },
];
