/**
 * The server of the benchmarks, in a process of its own: GET /?chunks=N streams N chat chunks, a usage chunk and
 * [DONE], made on the fly (a piece of 16 events a write, as a busy server sends them; with `every=MS` a piece each so many
 * milliseconds, as a model makes them). Prints its port.
 */
import { createServer } from 'node:http';

const ENVELOPE =
  '"id":"chatcmpl-0123456789abcdef","object":"chat.completion.chunk","created":1700000000,"model":"stories260K"';
const EVENTS_A_WRITE = Number(process.env.EVENTS_A_WRITE ?? 16);

function chunk(word) {
  const delta = `{"index":0,"delta":{"content":" ${word}"},"logprobs":null,"finish_reason":null}`;
  return `data: {${ENVELOPE},"system_fingerprint":"fp_44709d6fcb","choices":[${delta}],"usage":null}\n\n`;
}

const WORDS = [
  'once',
  'upon',
  'a',
  'time',
  'there',
  'was',
  'a',
  'little',
  'girl',
  'named',
  'Lily',
  'who',
  'liked',
  'to',
  'play',
  '.',
];
const PIECE = Array.from({ length: EVENTS_A_WRITE }, (_, i) => chunk(WORDS[i % WORDS.length])).join('');
const FINISH = `data: {${ENVELOPE},"choices":[{"index":0,"delta":{},"finish_reason":"length"}],"usage":null}\n\n`;
const USAGE = { prompt_tokens: 9, completion_tokens: 0, total_tokens: 9 };

createServer((request, response) => {
  request.resume();
  const { searchParams } = new URL(request.url, 'http://h');
  const chunks = Number(searchParams.get('chunks'));
  const every = Number(searchParams.get('every') ?? 0);
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  let left = chunks;
  function more() {
    while (left > 0) {
      left -= EVENTS_A_WRITE;
      if (!response.write(PIECE)) {
        response.once('drain', more);
        return;
      }
    }
    const usage = { ...USAGE, completion_tokens: chunks, total_tokens: 9 + chunks };
    response.end(
      `${FINISH}data: {${ENVELOPE},"choices":[],"usage":${JSON.stringify(usage)}}\n\ndata: [DONE]\n\n`,
    );
  }
  if (every === 0) {
    more();
    return;
  }
  const pace = setInterval(() => {
    left -= EVENTS_A_WRITE;
    if (left >= 0) response.write(PIECE);
    else {
      clearInterval(pace);
      more();
    }
  }, every);
}).listen(0, '127.0.0.1', function () {
  console.log(this.address().port);
});
