/** Usage with other counts than the true ones. */
import { streaming, when } from '../conditions.ts';
import type { Habits, Usage } from '../habits.ts';

export const stream = (mapUsage: (usage: Usage) => unknown): Habits =>
  when(streaming, { mapUsage: (usage) => mapUsage(usage) });
export const both = (mapUsage: (usage: Usage) => unknown): Habits => ({
  mapUsage: (usage) => mapUsage(usage),
});
export const counts = (prompt: unknown, completion: unknown, total: unknown) => ({
  prompt_tokens: prompt,
  completion_tokens: completion,
  total_tokens: total,
});
export const zero = both(() => counts(0, 0, 0));
export const withPrompt = (usage: Usage, prompt: number) => ({
  ...usage,
  prompt_tokens: prompt,
  total_tokens: prompt + usage.completion_tokens,
});
export const withCompletion = (usage: Usage, completion: number) => ({
  ...usage,
  completion_tokens: completion,
  total_tokens: usage.prompt_tokens + completion,
});
