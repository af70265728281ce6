/** Small changes to the events of a stream, to build faults and habits from. */
import { type Chunk, type ChunkChoice, DONE } from './chunks.ts';
import type { Habits, StreamEvent } from './habits.ts';
import { isJson } from './request.ts';

export type EventEdit = (events: StreamEvent[]) => StreamEvent[];

export function chunkOf(event: StreamEvent): Chunk | undefined {
  return 'json' in event && isJson(event.json) ? event.json : undefined;
}

export function choicesOf(event: StreamEvent): ChunkChoice[] {
  const choices = chunkOf(event)?.choices;
  return Array.isArray(choices) ? (choices as ChunkChoice[]) : [];
}

export const isUsage = (event: StreamEvent) => isJson(chunkOf(event)?.usage);
/** Asked for and sent by the server as its usage chunk, whatever it carries. */
export const isTrailer = (event: StreamEvent) => {
  const chunk = chunkOf(event);
  return chunk !== undefined && 'usage' in chunk && choicesOf(event).length === 0;
};
export const isDone = (event: StreamEvent) => event === DONE;
export const isFinish = (event: StreamEvent) =>
  choicesOf(event).some((choice) => choice.finish_reason !== null);
export const isContent = (event: StreamEvent) => choicesOf(event).length > 0 && !isFinish(event);

/** Habits that rewrite events, whatever the request. */
export const events = (edit: EventEdit): Habits => ({ mapEvents: (list) => edit(list) });

type EventTest = (event: StreamEvent) => boolean;

export const without =
  (test: EventTest): EventEdit =>
  (list) =>
    list.filter((event) => !test(event));

/** Changes the chunks for which the test holds; undefined values take their keys out. */
export const changed =
  (test: EventTest, change: (chunk: Chunk, at: number) => Partial<Chunk>): EventEdit =>
  (list) =>
    list.map((event, at) => {
      const chunk = chunkOf(event);
      return chunk && test(event) ? { json: { ...chunk, ...change(chunk, at) } } : event;
    });

export const changedChoices =
  (test: EventTest, change: (choice: ChunkChoice, at: number) => Partial<ChunkChoice>): EventEdit =>
  (list) =>
    changed(test, (chunk, at) => ({
      choices: Array.isArray(chunk.choices)
        ? (chunk.choices as ChunkChoice[]).map((choice) => ({ ...choice, ...change(choice, at) }))
        : chunk.choices,
    }))(list);

/** Puts events before the first one for which the test holds, or at the end. */
export const insertedBefore =
  (test: EventTest, ...added: StreamEvent[]): EventEdit =>
  (list) => {
    const at = list.findIndex(test);
    return at < 0 ? [...list, ...added] : [...list.slice(0, at), ...added, ...list.slice(at)];
  };

export const appended =
  (...added: StreamEvent[]): EventEdit =>
  (list) => [...list, ...added];

/** The list up to the n-th event for which the test holds, that one left out. */
export const cutBefore =
  (test: EventTest, nth = 1): EventEdit =>
  (list) => {
    let met = 0;
    const at = list.findIndex((event) => test(event) && ++met === nth);
    return at < 0 ? list : list.slice(0, at);
  };

/** Takes the first event for which the test holds and puts it before another. */
export const moved =
  (test: EventTest, before: EventTest): EventEdit =>
  (list) => {
    const event = list.find(test);
    if (!event) return list;
    return insertedBefore(before, event)(list.filter((other) => other !== event));
  };

export const inTurn =
  (...edits: EventEdit[]): EventEdit =>
  (list) =>
    edits.reduce((made, edit) => edit(made), list);

/** Rewrites the text of whatever carries a usage: an event, or a body. */
export const rewrittenUsage = (edit: (json: string) => string): Habits => ({
  mapWire: (wire) =>
    wire
      .split('\n\n')
      .map((event) => (event.includes('"usage":{') ? edit(event) : event))
      .join('\n\n'),
  mapBodyText: edit,
});
