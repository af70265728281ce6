/** Correct streams whose bytes look unusual; all of it is in the SSE standard or on "Never a fail". */
import { streaming, when } from '../conditions.ts';
import { chunkOf } from '../edits.ts';
import type { OddServer } from '../entries.ts';
import type { Habits } from '../habits.ts';

const wire = (change: (text: string) => string): Habits => ({ mapWire: (text) => change(text) });
const beforeEachEvent = (lines: (at: number) => string): Habits => {
  return wire((text) => {
    let at = 0;
    return text.replaceAll(/^data: /gm, (data) => `${lines(at++)}${data}`);
  });
};
const pretty: Habits = {
  mapEvents: (list) =>
    list.map((event) => {
      const chunk = chunkOf(event);
      if (!chunk) return event;
      const lines = JSON.stringify(chunk, null, 1).split('\n');
      return { raw: `${lines.map((line) => `data: ${line}`).join('\n')}\n\n` };
    }),
};
const type = (value: string): Habits =>
  when(streaming, { mapHeaders: (headers) => ({ ...headers, 'content-type': value }) });

export const framing: OddServer[] = [
  {
    name: 'keep-alive comments between the events',
    source: 'OpenRouter : OPENROUTER PROCESSING, B',
    habits: wire((text) => text.replaceAll('\n\n', '\n\n: OPENROUTER PROCESSING\n\n')),
  },
  {
    name: 'comments inside the events',
    source: 'DeepSeek : keep-alive, B',
    habits: beforeEachEvent(() => ': keep-alive\n'),
  },
  {
    name: 'comments before the first and after the last event',
    source: 'llama-cpp-python : ping',
    habits: wire((text) => `: ping\n\n${text}: bye\n\n`),
  },
  {
    name: 'CRLF line ends',
    source: 'never a fail: CRLF',
    habits: wire((text) => text.replaceAll('\n', '\r\n')),
  },
  { name: 'CR line ends', source: 'never a fail: CR', habits: wire((text) => text.replaceAll('\n', '\r')) },
  {
    name: 'CRLF in small writes',
    source: 'never a fail: bytes split anywhere',
    habits: { ...wire((text) => text.replaceAll('\n', '\r\n')), bytesPerWrite: 37 },
  },
  { name: 'a BOM', source: 'never a fail: a BOM', habits: wire((text) => `\uFEFF${text}`) },
  { name: 'retry: fields', source: 'never a fail: retry', habits: wire((text) => `retry: 3000\n\n${text}`) },
  {
    name: 'an id: line in each event',
    source: 'never a fail: id',
    habits: beforeEachEvent((at) => `id: ${at}\n`),
  },
  {
    name: 'an event: line in each event',
    source: 'never a fail: event',
    habits: beforeEachEvent(() => 'event: message\n'),
  },
  {
    name: 'an event: line with its own name',
    source: 'never a fail: event',
    habits: beforeEachEvent(() => 'event: chat.completion.chunk\n'),
  },
  { name: 'pretty JSON on several data: lines', source: 'never a fail: several data lines', habits: pretty },
  {
    name: 'no space after data:',
    source: 'never a fail: no space',
    habits: wire((text) => text.replaceAll(/^data: /gm, 'data:')),
  },
  {
    name: '[DONE] without a blank line',
    source: 'never a fail: last [DONE]',
    habits: wire((text) => text.slice(0, -1)),
  },
  {
    name: '[DONE] without any line end',
    source: 'never a fail: last [DONE]',
    habits: wire((text) => text.slice(0, -2)),
  },
  {
    name: '97 bytes a write',
    source: 'never a fail: bytes split, inside a character too',
    habits: { bytesPerWrite: 97 },
  },
  {
    name: '13 bytes a write',
    source: 'never a fail: bytes split, inside a character too',
    habits: { bytesPerWrite: 13 },
  },
  {
    name: 'a trailing space after the JSON',
    source: 'TensorRT-LLM, B',
    habits: wire((text) => text.replaceAll('}\n\n', '} \n\n')),
  },
  {
    name: 'several blank lines between events',
    source: 'SSE standard',
    habits: wire((text) => text.replaceAll('\n\n', '\n\n\n\n')),
  },
  {
    name: 'fields that SSE does not know',
    source: 'SSE standard: unknown fields are ignored',
    habits: beforeEachEvent((at) => `x-trace: ${at}\n`),
  },
  { name: 'no charset in the content type', source: 'SSE standard', habits: type('text/event-stream') },
  { name: 'content type in capitals', source: 'RFC 9110', habits: type('Text/Event-Stream;charset=UTF-8') },
  { name: 'gzip', source: 'RFC 9110', habits: { gzip: true } },
  { name: 'bodies that end with the connection', source: 'HTTP/1.0', habits: { closeDelimited: true } },
  {
    name: 'connection: close on every answer',
    source: 'RFC 9112',
    habits: { mapHeaders: (headers) => ({ ...headers, connection: 'close' }) },
  },
];
