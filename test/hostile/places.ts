/** Every place in which a server may say something that ends up in a report. */
import { chunkOf, isContent, isUsage } from '../servers/edits.ts';
import type { Habits } from '../servers/habits.ts';
import { HEAD, STREAM, saying } from './pouring.ts';

/** What HTTP carries in a header: one line of Latin-1. */
const asHeader = (text: string) => text.replace(/[^\t\x20-\x7e\xa1-\xff]/g, '?');
const json = (value: unknown) => JSON.stringify(value);
const refusing = (status: number, text: string): Habits => ({
  instead: () => ({ status, body: json({ error: { message: text, type: text, param: text, code: text } }) }),
});
const answering = (head: string) =>
  saying(Buffer.from(`${head}content-length: ${STREAM.length}\r\n\r\n${STREAM}`, 'latin1'));
const inEvents = (fields: (text: string) => object, text: string): Habits => ({
  mapEvents: (events) =>
    events.map((event) => {
      const chunk = chunkOf(event);
      return chunk === undefined ? event : { json: { ...chunk, ...fields(text) } };
    }),
  mapBody: (body) => ({ ...body, ...fields(text) }),
});
/** The stream without its usage, so that its last frames are shown, with these lines in it. */
const withLines = (lines: string): Habits => ({
  mapEvents: (events) =>
    events.filter((event) => !isUsage(event)).flatMap((event) => [{ raw: lines }, event]),
});

export const places: Readonly<Record<string, (text: string) => Habits>> = {
  'the name of the model': (text) => ({
    models: (list) => ({ status: 200, body: json({ ...list, data: [{ id: text }] }) }),
    ...withLines(''),
  }),
  'the list of models': (text) => ({
    models: () => ({
      status: 200,
      body: json({
        object: text,
        [text]: text,
        data: [{ id: 'toy', owned_by: text, [text]: { [text]: text } }],
      }),
    }),
  }),
  headers: (text) => ({
    mapHeaders: (headers) => ({
      ...headers,
      server: asHeader(text),
      via: asHeader(text),
      'x-litellm-version': asHeader(text),
      'x-powered-by': asHeader(text),
    }),
    ...withLines(''),
  }),
  'the content type': (text) => answering(`${HEAD.replace('text/event-stream', asHeader(text))}`),
  'the reason of the status': (text) => answering(HEAD.replace('OK', asHeader(text))),
  'a coding': (text) => answering(`${HEAD}content-encoding: ${asHeader(text)}\r\n`),
  'a redirect': (text) => ({
    atDoor: () => ({
      status: 302,
      headers: { location: `http://127.0.0.1:1/${encodeURIComponent(text)}?a=${asHeader(text)}` },
    }),
  }),
  'a refusal': (text) => refusing(400, text),
  'a refusal of the key': (text) => ({
    atDoor: () => ({
      status: 401,
      headers: { 'www-authenticate': asHeader(text) },
      body: json({ error: text }),
    }),
  }),
  'a rate limit': (text) => ({
    instead: () => ({
      status: 429,
      headers: { 'retry-after': '3600', 'x-ratelimit-reset': asHeader(text) },
      body: json({ message: text }),
    }),
  }),
  'a page of HTML': (text) => ({
    instead: () => ({ status: 500, headers: { 'content-type': 'text/html' }, body: `<h1>${text}</h1>` }),
  }),
  'versions and properties': (text) => ({
    mapHeaders: (headers) => ({ ...headers, server: 'llama.cpp' }),
    elsewhere: () => ({
      status: 200,
      body: json({ version: text, build_info: text, model_path: text, info: { title: text, version: text } }),
    }),
  }),
  'the envelope': (text) =>
    inEvents(() => ({ id: text, object: text, created: text, model: text, system_fingerprint: text }), text),
  usage: (text) => ({
    mapUsage: (usage) => ({
      ...usage,
      prompt_tokens: text,
      completion_tokens_details: { [`${text}_tokens`]: text },
    }),
  }),
  'names of fields': (text) => ({
    ...inEvents(() => ({ [text]: { [text]: text } }), text),
    mapUsage: () => ({ [text]: text, [`${text}_tokens`]: 1.5 }),
  }),
  'finish reasons': (text) => ({
    mapEvents: (events) =>
      events.map((event) => {
        const chunk = chunkOf(event);
        if (chunk === undefined || isUsage(event)) return event;
        return { json: { ...chunk, choices: [{ index: 0, delta: {}, finish_reason: text }] } };
      }),
  }),
  'what the model says': (text) => ({
    mapEvents: (events) =>
      events
        .filter((event) => !isUsage(event))
        .map((event) =>
          isContent(event)
            ? {
                json: {
                  ...chunkOf(event),
                  choices: [
                    {
                      index: 0,
                      delta: {
                        content: text,
                        tool_calls: [{ index: 0, function: { name: text, arguments: text } }],
                      },
                      finish_reason: null,
                    },
                  ],
                },
              }
            : event,
        ),
  }),
  'an error in the stream': (text) =>
    withLines(`data: ${json({ error: { message: text, code: text } })}\n\n`),
  'an event that is no JSON': (text) => withLines(`data: ${text.replace(/[\r\n]/g, ' ')}\n\n`),
  'the name of an event': (text) => withLines(`event: ${text.replace(/[\r\n]/g, ' ')}\ndata: {}\n\n`),
  'a line that is no field': (text) =>
    withLines(`${text.replace(/[\r\n]/g, ' ')}\nerror: ${text.replace(/[\r\n]/g, ' ')}\n\n`),
};
