/** Usage that came, with counts that lack or are none. */
import { legacy, toolCalled, toolsSent, when } from '../conditions.ts';
import type { BrokenServer } from '../entries.ts';
import { counts, stream } from './recounted.ts';

const complete: BrokenServer['fails'] = ['usage-complete'];
const integers: BrokenServer['fails'] = ['usage-integers'];

export const partial: BrokenServer[] = [
  { name: 'usage is {}', source: 'C2 partial', fails: complete, habits: stream(() => ({})) },
  {
    name: 'usage lacks total_tokens',
    source: 'FastDeploy#3247, C2',
    fails: complete,
    habits: stream((u) => ({ ...u, total_tokens: undefined })),
  },
  {
    name: 'prompt_tokens null',
    source: 'sglang#10012, C2',
    fails: complete,
    habits: stream((u) => ({ ...u, prompt_tokens: null })),
  },
  {
    name: 'input_tokens and output_tokens instead',
    source: 'llmgateway#2861, C2',
    fails: complete,
    habits: stream((u) => ({
      input_tokens: u.prompt_tokens,
      output_tokens: u.completion_tokens,
      total_tokens: u.total_tokens,
    })),
  },
  {
    name: 'total_tokens alone',
    source: 'C2 partial',
    fails: complete,
    habits: stream((u) => ({ total_tokens: u.total_tokens })),
  },
  {
    name: 'completion_tokens null in legacy streams',
    source: 'C2',
    fails: complete,
    habits: when(
      legacy,
      stream((u) => ({ ...u, completion_tokens: null })),
    ),
  },
  {
    name: 'no completion_tokens when a tool is called',
    source: 'C2',
    fails: complete,
    habits: when(
      toolCalled,
      stream((u) => ({ ...u, completion_tokens: undefined })),
    ),
  },
  { name: 'usage is a word', source: 'C2', fails: complete, habits: stream(() => 'unknown') },
];

export const noIntegers: BrokenServer[] = [
  {
    name: 'counts as strings',
    source: 'C (string counts)',
    fails: integers,
    habits: stream((u) => counts(`${u.prompt_tokens}`, `${u.completion_tokens}`, `${u.total_tokens}`)),
  },
  {
    name: '12.5 completion tokens',
    source: 'C (float counts)',
    fails: integers,
    habits: stream((u) => counts(u.prompt_tokens, 12.5, u.prompt_tokens + 12.5)),
  },
  {
    name: 'minus 35 completion tokens',
    source: 'async-openai#404, C8',
    fails: integers,
    habits: stream((u) => counts(u.prompt_tokens, -35, u.prompt_tokens - 35)),
  },
  {
    name: '2^60 prompt tokens',
    source: 'C8',
    fails: integers,
    habits: stream((u) => counts(2 ** 60, u.completion_tokens, 2 ** 60 + u.completion_tokens)),
  },
  {
    name: 'cached_tokens as a string',
    source: 'C8',
    fails: integers,
    habits: stream((u) => ({ ...u, prompt_tokens_details: { cached_tokens: '0' } })),
  },
  {
    name: 'minus one reasoning token',
    source: 'C8',
    fails: integers,
    habits: stream((u) => ({ ...u, completion_tokens_details: { reasoning_tokens: -1 } })),
  },
  {
    name: 'half a prediction token',
    source: 'C8',
    fails: integers,
    habits: stream((u) => ({ ...u, completion_tokens_details: { accepted_prediction_tokens: 0.5 } })),
  },
  {
    name: 'prompt_tokens true',
    source: 'C',
    fails: integers,
    habits: stream((u) => ({ ...u, prompt_tokens: true })),
  },
  {
    name: 'counts as strings, legacy only',
    source: 'C',
    fails: integers,
    habits: when(
      legacy,
      stream((u) => ({ ...u, total_tokens: `${u.total_tokens}` })),
    ),
  },
  {
    name: 'float completion with tools only',
    source: 'C',
    fails: integers,
    habits: when(
      toolsSent,
      stream((u) => ({
        ...u,
        completion_tokens: u.completion_tokens + 0.25,
        total_tokens: u.total_tokens + 0.25,
      })),
    ),
  },
];
