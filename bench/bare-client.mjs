/** The least a client can do with the same libraries: undici + TextDecoder + eventsource-parser + JSON.parse. */
import { createParser } from 'eventsource-parser';
import { request } from 'undici';

/** Reads a stream of chat chunks; returns the number of its events. */
export async function readBare(url, dispatcher) {
  let events = 0;
  const parser = createParser({
    onEvent: ({ data }) => {
      if (data !== '[DONE]') JSON.parse(data);
      events += 1;
    },
  });
  const decoder = new TextDecoder();
  const { body } = await request(url, { method: 'POST', body: '{"stream":true}', dispatcher });
  for await (const bytes of body) parser.feed(decoder.decode(bytes, { stream: true }));
  return events;
}
