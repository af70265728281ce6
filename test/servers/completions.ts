import { allSteps, type ChunkChoice, type Envelope, streamEvents } from './chunks.ts';
import type { Context, Habits, StreamEvent } from './habits.ts';
import type { Json } from './request.ts';

function logprobs(tokens: string[]): Json {
  let offset = 0;
  const offsets = tokens.map((token) => {
    offset += token.length;
    return offset - token.length;
  });
  return {
    tokens,
    token_logprobs: tokens.map(() => -0.25),
    top_logprobs: tokens.map((token) => ({ [token]: -0.25 })),
    text_offset: offsets,
  };
}

export function completionEvents(
  envelope: Envelope,
  usage: unknown,
  context: Context,
  habits: Habits,
): StreamEvent[] {
  const choices = allSteps(context, habits).map(
    (step): ChunkChoice => ({
      text: step.tokens.join(''),
      index: step.index,
      logprobs: context.logprobs && step.tokens.length > 0 ? logprobs(step.tokens) : null,
      finish_reason: step.finish,
    }),
  );
  return streamEvents({ ...envelope, object: 'text_completion' }, choices, usage, context);
}

export function completionBody(envelope: Envelope, usage: unknown, context: Context): Json {
  const choices = context.answer.choices.map((choice) => ({
    text: [...choice.reasoning, ...choice.text].join(''),
    index: choice.index,
    logprobs: context.logprobs ? logprobs(choice.text) : null,
    finish_reason: choice.finish,
  }));
  return { ...envelope, object: 'text_completion', choices, ...(usage === undefined ? {} : { usage }) };
}
