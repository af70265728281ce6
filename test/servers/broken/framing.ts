/** Events that are no JSON, streams that are no SSE, errors in mid-stream. */
import { all, asked, chat, foreign, legacy, streaming, when } from '../conditions.ts';
import {
  appended,
  chunkOf,
  cutBefore,
  type EventEdit,
  events,
  insertedBefore,
  inTurn,
  isContent,
  isDone,
  isFinish,
  isTrailer,
  without,
} from '../edits.ts';
import type { BrokenServer } from '../entries.ts';
import type { Habits, StreamEvent } from '../habits.ts';

const inserted = (data: string) => events(insertedBefore(isFinish, { raw: `data: ${data}\n\n` }));
/** The third and the fourth chunk in one event. */
const glued: EventEdit = (list) => {
  const [third, fourth] = [list[2], list[3]];
  if (!third || !fourth || !isContent(third) || !isContent(fourth)) return list;
  const data = `${JSON.stringify(chunkOf(third))}${JSON.stringify(chunkOf(fourth))}`;
  return [...list.slice(0, 2), { raw: `data: ${data}\n\n` }, ...list.slice(4)];
};
/** Every content chunk as Python prints it. */
const python: EventEdit = (list) =>
  list.map((event, at) =>
    at === 2 && isContent(event)
      ? { raw: `data: ${JSON.stringify(chunkOf(event)).replaceAll('"', "'").replaceAll('null', 'None')}\n\n` }
      : event,
  );

export const noJson: BrokenServer[] = [
  { name: 'an event with data: ping', source: 'litellm#14429, C11', habits: inserted('ping') },
  {
    name: 'an event with data: null',
    source: 'capture compl-stream-usage-multiprompt, C11',
    habits: inserted('null'),
  },
  { name: 'an event with an array', source: 'C11', habits: inserted('[]') },
  { name: 'an event with half an object', source: 'C11', habits: inserted('{"id":"chatcmpl-1","choices":[') },
  { name: 'two objects in one event', source: 'llama.cpp#5876, C11', habits: events(glued) },
  { name: 'a chunk as Python prints it', source: 'C11', habits: when(chat, events(python)) },
  { name: 'a number as data in legacy streams', source: 'C11', habits: when(legacy, inserted('42')) },
  { name: 'a word as data beyond ASCII only', source: 'C11', habits: when(foreign, inserted('heartbeat')) },
].map((server) => ({ ...server, fails: ['event-json'] }));

const contentType = (type: string): Habits =>
  when(streaming, { mapHeaders: (headers) => ({ ...headers, 'content-type': type }) });

export const framing: BrokenServer[] = [
  { name: 'streams as application/json', source: 'K20', habits: contentType('application/json') },
  { name: 'streams as text/plain', source: 'K20', habits: contentType('text/plain; charset=utf-8') },
  {
    name: 'streams as octet-stream, legacy only',
    source: 'K20',
    habits: when(legacy, contentType('application/octet-stream')),
  },
  {
    name: 'streams without a content type',
    source: 'K20',
    habits: when(streaming, { mapHeaders: ({ 'content-type': _type, ...headers }) => headers }),
  },
  {
    name: 'closed without the last chunk of HTTP after [DONE]',
    source: 'stream-end: after the marker',
    habits: events(appended({ cut: 'unterminated' })),
  },
  {
    name: 'content-length too long after [DONE]',
    source: 'stream-end: after the marker',
    habits: when(chat, events(appended({ cut: 'short' }))),
  },
].map((server) => ({ ...server, fails: [], warns: ['sse-framing'] }));

const ERROR = { error: { message: 'The model broke down', type: 'server_error', param: null, code: 500 } };
const errorEvent: StreamEvent = { json: ERROR };
const errorLine: StreamEvent = { raw: `error: ${JSON.stringify(ERROR.error)}\n\n` };
const bareLine: StreamEvent = { raw: `${JSON.stringify(ERROR)}\n\n` };
/** Breaks down after two chunks; what comes then is given. */
const breaksDown = (...then: StreamEvent[]): Habits => ({
  mapEvents: inTurn(cutBefore(isContent, 2), without(isDone), appended(...then)),
});
const contentAfter: Habits = {
  mapEvents: (list) => insertedBefore((event) => event === list[3], errorEvent)(list),
};
const usageAfter: Habits = when(asked, {
  mapEvents: (list) => [
    ...cutBefore(isContent, 4)(list),
    errorEvent,
    ...list.filter((e) => isTrailer(e) || isDone(e)),
  ],
});
const someStreams = all(streaming, foreign);
/** In chat only the role came before it: then the error is the answer, too. */
const mayAlso: BrokenServer['mayAlso'] & {} = ['request-answered'];

export const errors: BrokenServer[] = [
  {
    name: 'an error as a line error: {…}',
    source: 'llama.cpp before 2025, C11',
    mayAlso,
    habits: when(someStreams, breaksDown(errorLine)),
  },
  {
    name: 'an error as a bare JSON line',
    source: 'C11',
    mayAlso,
    habits: when(someStreams, breaksDown(bareLine)),
  },
  { name: 'content goes on after an error', source: 'C11', habits: when(someStreams, contentAfter) },
  { name: 'usage after an error', source: 'C11', habits: when(someStreams, usageAfter) },
  {
    name: 'an error line in every legacy stream',
    source: 'C11',
    habits: when(all(legacy, streaming), breaksDown(errorLine)),
  },
  {
    name: 'an error line, and [DONE]',
    source: 'C11',
    mayAlso,
    habits: when(someStreams, breaksDown(errorLine, { raw: 'data: [DONE]\n\n' })),
  },
].map((server) => ({ ...server, fails: ['error-ends-stream'] }));
