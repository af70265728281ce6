import type { Context, Habits, Usage } from './habits.ts';

export function trueUsage(context: Context, habits: Habits): Usage {
  const { promptTokens, choices } = context.answer;
  const completion = choices.reduce((sum, choice) => sum + choice.tokens, 0);
  return {
    prompt_tokens: promptTokens,
    completion_tokens: completion,
    total_tokens: promptTokens + completion,
    prompt_tokens_details: { cached_tokens: habits.caches && context.seen > 0 ? promptTokens - 1 : 0 },
    completion_tokens_details: {
      reasoning_tokens: choices.reduce((sum, choice) => sum + choice.reasoning.length, 0),
    },
  };
}

/** The usage this server reports; undefined when it leaves the key out. */
export function reportedUsage(context: Context, habits: Habits): unknown {
  const usage = trueUsage(context, habits);
  return habits.mapUsage ? habits.mapUsage(usage, context) : usage;
}
