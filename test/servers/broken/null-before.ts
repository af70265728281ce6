/** The other chunks of an asked stream do not say `usage: null`. */
import { changed, choicesOf, events } from '../edits.ts';
import type { BrokenServer } from '../entries.ts';
import type { StreamEvent } from '../habits.ts';

const any = (event: StreamEvent) => choicesOf(event).length > 0;

export const nullBefore: BrokenServer[] = [
  {
    name: 'other chunks have no usage key',
    source: 'vLLM, llama.cpp, Ollama, A3',
    habits: events(changed(any, () => ({ usage: undefined }))),
  },
  {
    name: 'other chunks lack the key only sometimes',
    source: 'A3',
    habits: events(changed(any, (chunk, at) => ({ usage: at % 2 ? undefined : chunk.usage }))),
  },
].map((server) => ({ ...server, fails: [], warns: ['usage-null-before'] }));
