import type { AnswerChoice } from './answer.ts';
import { allSteps, type ChunkChoice, type Envelope, type Step, streamEvents } from './chunks.ts';
import type { Context, Habits, StreamEvent } from './habits.ts';
import type { Json } from './request.ts';

function logprobs(tokens: string[]): Json {
  const content = tokens.map((token) => ({
    token,
    logprob: -0.25,
    bytes: [...Buffer.from(token)],
    top_logprobs: [],
  }));
  return { content, refusal: null };
}

function delta(step: Step): Json {
  const text = step.tokens.join('');
  switch (step.kind) {
    case 'role':
      return { role: 'assistant', content: '' };
    case 'reasoning':
      return { reasoning_content: text };
    case 'text':
      return { content: text };
    case 'tool-name': {
      const call = {
        index: 0,
        id: `call_${step.index}`,
        type: 'function',
        function: { name: step.name, arguments: '' },
      };
      return { tool_calls: [call] };
    }
    case 'tool-arguments':
      return { tool_calls: [{ index: 0, function: { arguments: text } }] };
    case 'end':
      return {};
  }
}

export function chatEvents(
  envelope: Envelope,
  usage: unknown,
  context: Context,
  habits: Habits,
): StreamEvent[] {
  const choices = allSteps(context, habits).map((step): ChunkChoice => {
    const shown = context.logprobs && step.kind === 'text' ? logprobs(step.tokens) : null;
    return { index: step.index, delta: delta(step), logprobs: shown, finish_reason: step.finish };
  });
  return streamEvents({ ...envelope, object: 'chat.completion.chunk' }, choices, usage, context);
}

function message(choice: AnswerChoice): Json {
  const text = choice.tool ? null : choice.text.join('');
  const reasoning = choice.reasoning.length > 0 ? { reasoning_content: choice.reasoning.join('') } : {};
  const base = { role: 'assistant', content: text, refusal: null, ...reasoning };
  if (!choice.tool) return base;
  const call = {
    id: `call_${choice.index}`,
    type: 'function',
    function: { name: choice.tool.name, arguments: choice.tool.arguments.join('') },
  };
  return { ...base, tool_calls: [call] };
}

export function chatBody(envelope: Envelope, usage: unknown, context: Context): Json {
  const choices = context.answer.choices.map((choice) => ({
    index: choice.index,
    message: message(choice),
    logprobs: context.logprobs ? logprobs(choice.text) : null,
    finish_reason: choice.finish,
  }));
  return { ...envelope, object: 'chat.completion', choices, ...(usage === undefined ? {} : { usage }) };
}
