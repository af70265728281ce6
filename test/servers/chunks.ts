/** The chunks of a stream as objects that a fault can change, and how they become events. */
import type { AnswerChoice, Finish } from './answer.ts';
import type { Context, Habits, StreamEvent } from './habits.ts';
import type { Json } from './request.ts';

export const DONE: StreamEvent = { raw: 'data: [DONE]\n\n' };

export interface ChunkChoice extends Json {
  index: unknown;
  finish_reason: unknown;
}

export interface Chunk extends Json {
  id?: unknown;
  object?: unknown;
  created?: unknown;
  model?: unknown;
  choices?: unknown;
  usage?: unknown;
}

/** One step of one choice: tokens shown, or how it ended. */
export interface Step {
  index: number;
  kind: 'role' | 'reasoning' | 'text' | 'tool-name' | 'tool-arguments' | 'end';
  tokens: string[];
  name: string;
  finish: Finish | null;
}

function group(tokens: string[], size: number): string[][] {
  const groups: string[][] = [];
  for (let at = 0; at < tokens.length; at += size) groups.push(tokens.slice(at, at + size));
  return groups;
}

function choiceSteps(choice: AnswerChoice, api: Context['api'], habits: Habits): Step[] {
  const size = habits.tokensPerChunk ?? 1;
  const step = (kind: Step['kind'], tokens: string[] = []): Step => ({
    index: choice.index,
    kind,
    tokens,
    name: choice.tool?.name ?? '',
    finish: null,
  });
  const steps: Step[] = [];
  if (api === 'chat' && !habits.withoutRoleChunk) steps.push(step('role'));
  for (const tokens of group(choice.reasoning, size)) steps.push(step('reasoning', tokens));
  for (const tokens of group(choice.text, size)) steps.push(step('text', tokens));
  if (choice.tool) {
    steps.push(step('tool-name'));
    for (const tokens of group(choice.tool.arguments, size)) steps.push(step('tool-arguments', tokens));
  }
  const last = steps.at(-1);
  if (habits.finishWithLastToken && last && last.kind !== 'role') last.finish = choice.finish;
  else steps.push({ ...step('end'), finish: choice.finish });
  return steps;
}

/** The steps of all choices, in turn, as a server that generates them side by side sends them. */
export function allSteps(context: Context, habits: Habits): Step[] {
  const lanes = context.answer.choices.map((choice) => choiceSteps(choice, context.api, habits));
  const longest = Math.max(0, ...lanes.map((lane) => lane.length));
  const steps: Step[] = [];
  for (let at = 0; at < longest; at++) {
    for (const lane of lanes) {
      const step = lane[at];
      if (step) steps.push(step);
    }
  }
  return steps;
}

export interface Envelope {
  id: string;
  object: string;
  created: number;
  model: string;
}

/** Chunks with `usage: null` where usage was asked for, then the usage chunk, then [DONE]. */
export function streamEvents(
  envelope: Envelope,
  choices: ChunkChoice[],
  usage: unknown,
  context: Context,
): StreamEvent[] {
  const asked = context.option === 'asked';
  const events: StreamEvent[] = choices.map((choice) => ({
    json: { ...envelope, choices: [choice], ...(asked ? { usage: null } : {}) } satisfies Chunk,
  }));
  if (asked) {
    events.push({
      json: { ...envelope, choices: [], ...(usage === undefined ? {} : { usage }) } satisfies Chunk,
    });
  }
  events.push(DONE);
  return events;
}
