/** Usage of answers that are not streamed. */
import { all, legacy, plain, toolsSent, when } from '../conditions.ts';
import type { BrokenServer } from '../entries.ts';
import { both, counts, withCompletion } from './recounted.ts';

export const nonstream: BrokenServer[] = [
  {
    name: 'no usage without streaming',
    source: 'C9',
    fails: ['nonstream-usage'],
    habits: when(
      plain,
      both(() => undefined),
    ),
  },
  {
    name: 'usage null without streaming',
    source: 'TabbyAPI, C9',
    fails: ['nonstream-usage'],
    habits: when(
      plain,
      both(() => null),
    ),
  },
  {
    name: 'usage without total, not streaming',
    source: 'FastDeploy#3247',
    fails: ['nonstream-usage'],
    habits: when(
      plain,
      both((u) => ({ ...u, total_tokens: undefined })),
    ),
  },
  {
    name: 'string counts, not streaming',
    source: 'C',
    fails: ['nonstream-usage'],
    habits: when(
      plain,
      both((u) => counts(`${u.prompt_tokens}`, u.completion_tokens, u.total_tokens)),
    ),
  },
  {
    name: 'total does not add up, not streaming',
    source: 'C8',
    fails: ['nonstream-usage'],
    habits: when(
      plain,
      both((u) => ({ ...u, total_tokens: u.total_tokens + 5 })),
    ),
  },
  {
    name: 'usage {} in legacy answers',
    source: 'C2',
    fails: ['nonstream-usage'],
    habits: when(
      all(plain, legacy),
      both(() => ({})),
    ),
  },
  {
    name: 'no usage with tools, not streaming',
    source: 'C2',
    fails: ['nonstream-usage'],
    habits: when(
      all(plain, toolsSent),
      both(() => undefined),
    ),
  },
  {
    name: 'negative completion, not streaming',
    source: 'async-openai#404',
    fails: ['nonstream-usage'],
    habits: when(
      plain,
      both((u) => withCompletion(u, -3)),
    ),
  },
];
