/** Errors inside a 200, in the shapes that servers give them. */
import type { Condition } from './conditions.ts';
import { when } from './conditions.ts';
import { appended, cutBefore, events, inTurn, isContent, isDone, without } from './edits.ts';
import type { Habits, PlainAnswer, StreamEvent } from './habits.ts';

export const DONE_TEXT = 'data: [DONE]\n\n';

export const eventOf = (error: unknown): string => `data: ${JSON.stringify(error)}\n\n`;

/** A stream that begins and ends with the error. A retry is asked for so late that nobody waits. */
export const errorStream = (wire: string): PlainAnswer => ({
  status: 200,
  headers: { 'content-type': 'text/event-stream', 'retry-after': '3600' },
  body: wire,
});

export const errsAtOnce = (condition: Condition, wire: string): Habits =>
  when(condition, { instead: () => errorStream(wire) });

/** Breaks off after two chunks with content; what comes then is given. */
export const breaksOff = (condition: Condition, wire: string): Habits =>
  when(
    condition,
    events(inTurn(cutBefore(isContent, 4), without(isDone), appended({ raw: wire } satisfies StreamEvent))),
  );
