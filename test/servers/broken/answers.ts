/** Plain requests that get no answer of the kind asked for, and stream_options that are refused. */
import {
  all,
  asked,
  chat,
  featureless,
  foreign,
  legacy,
  option,
  plain,
  streaming,
  when,
  wordy,
} from '../conditions.ts';
import type { BrokenServer } from '../entries.ts';
import type { Habits, PlainAnswer } from '../habits.ts';
import { errorBody } from '../plain-answer.ts';

const HTML = '<!doctype html><html><body><h1>Welcome</h1><p>data: nothing here</p></body></html>';
const always = (answer: PlainAnswer | 'close'): Habits => ({ instead: () => answer });
const failure = { status: 500, body: errorBody('Internal server error') };
const html = { status: 200, headers: { 'content-type': 'text/html' }, body: HTML };
const oneChunk = `data: ${JSON.stringify({ id: 'chatcmpl-1', object: 'chat.completion.chunk', created: 1, model: 'toy', choices: [{ index: 0, delta: { content: 'Hi' }, finish_reason: 'stop' }] })}\n\ndata: [DONE]\n\n`;
const wholeAnswer = JSON.stringify({
  id: 'chatcmpl-1',
  object: 'chat.completion',
  created: 1,
  model: 'toy',
  choices: [{ index: 0, text: 'Hi', message: { role: 'assistant', content: 'Hi' }, finish_reason: 'stop' }],
  usage: { prompt_tokens: 9, completion_tokens: 1, total_tokens: 10 },
});
const ndjson: Habits = {
  mapWire: (wire) =>
    wire
      .replaceAll('data: [DONE]\n\n', '')
      .replaceAll(/^data: /gm, '')
      .replaceAll('\n\n', '\n'),
  mapHeaders: (headers) => ({ ...headers, 'content-type': 'application/x-ndjson' }),
};
/** Half of the body, and more of it announced. */
const cutBody: Habits = {
  takeOver: (_context, _request, response) => {
    response.writeHead(200, {
      'content-type': 'application/json',
      'content-length': String(wholeAnswer.length),
    });
    response.write(wholeAnswer.slice(0, 60), () => response.socket?.end());
    return true;
  },
};

export const answered: BrokenServer[] = [
  { name: 'chat without streaming is a 500', source: 'K16', habits: when(all(chat, plain), always(failure)) },
  { name: 'everything is a 500', source: 'K16', habits: always(failure) },
  {
    name: 'everything is a 503',
    source: 'K16',
    habits: always({ status: 503, body: errorBody('starting up') }),
  },
  {
    name: 'streams are empty, with 200',
    source: 'llama-cpp-python#1879',
    habits: when(
      streaming,
      always({ status: 200, headers: { 'content-type': 'text/event-stream' }, body: '' }),
    ),
  },
  {
    name: 'streams hold comments only',
    source: 'llama-cpp-python#1879',
    habits: when(streaming, { mapWire: () => ': ping\n\n: ping\n\n' }),
  },
  { name: 'HTML with 200 without streaming', source: 'K16', habits: when(plain, always(html)) },
  { name: 'streams are HTML with 200', source: 'K16', habits: when(streaming, always(html)) },
  {
    name: 'a whole answer where a stream was asked for',
    source: 'K16',
    habits: when(streaming, always({ status: 200, body: wholeAnswer })),
  },
  {
    name: 'a stream where a whole answer was asked for',
    source: 'K16',
    habits: when(
      plain,
      always({ status: 200, headers: { 'content-type': 'text/event-stream' }, body: oneChunk }),
    ),
  },
  { name: 'NDJSON instead of SSE', source: 'K20', habits: when(streaming, ndjson) },
  {
    name: 'text instead of JSON, not streaming',
    source: 'K16',
    habits: when(
      plain,
      always({ status: 200, headers: { 'content-type': 'text/plain' }, body: 'Hello there' }),
    ),
  },
  {
    name: 'JSON without choices, not streaming',
    source: 'K16',
    habits: when(plain, always({ status: 200, body: '{"result":"ok"}' })),
  },
  {
    name: 'an error with status 200, not streaming',
    source: 'K16',
    habits: when(
      all(plain, chat),
      always({ status: 200, body: '{"error":{"message":"overloaded","type":"server_error"}}' }),
    ),
  },
  {
    name: 'a 400 without a reason, not streaming',
    source: 'K16',
    habits: when(plain, always({ status: 400, body: '' })),
  },
  {
    name: 'a 302 to nowhere, not streaming',
    source: 'K16',
    habits: when(all(plain, legacy), always({ status: 302, headers: { location: '/login' } })),
  },
  {
    name: 'gzip in name only, not streaming',
    source: 'K16',
    says: 'cut off: nothing of the body could be read (damaged gzip body',
    habits: when(all(plain, chat), { mapHeaders: (headers) => ({ ...headers, 'content-encoding': 'gzip' }) }),
  },
  {
    name: 'an empty 200, not streaming',
    source: 'K16',
    habits: when(plain, always({ status: 200, body: '' })),
  },
  { name: 'bodies cut off, not streaming', source: 'K16', habits: when(plain, cutBody) },
  { name: 'a 500 for signs beyond ASCII', source: 'K16', habits: when(all(foreign, plain), always(failure)) },
  {
    name: 'a 500 for long prompts',
    source: 'K16',
    habits: when(all(wordy, plain, featureless), always(failure)),
  },
  {
    name: 'half a JSON body in legacy',
    source: 'K16',
    habits: when(all(plain, legacy), always({ status: 200, body: wholeAnswer.slice(0, 80) })),
  },
].map((server) => ({ ...server, fails: ['request-answered'] }));

const refused = (status: number): Habits =>
  always({
    status,
    body:
      status === 500
        ? errorBody('KeyError: include_usage')
        : errorBody("Unknown parameter: 'stream_options'", 'stream_options'),
  });

export const options: BrokenServer[] = [
  {
    name: 'include_usage true is a 400',
    source: 'Azure, openai-python#1469, C10',
    habits: when(asked, refused(400)),
  },
  {
    name: 'stream_options null is a 422',
    source: 'Mistral, openai-agents-python#442, C10',
    habits: when(option('null'), refused(422)),
  },
  {
    name: 'stream_options {} is a 500',
    source: 'mlx-lm KeyError, C10',
    habits: when(option('empty'), refused(500)),
  },
  {
    name: 'include_usage false is a 400',
    source: 'aibrix#757, C10',
    habits: when(option('false'), refused(400)),
  },
  {
    name: 'any stream_options are a 422',
    source: 'Mistral 2025, C10',
    habits: when(option('asked', 'false', 'null', 'empty'), refused(422)),
  },
  {
    name: 'include_usage true is a 400 in legacy',
    source: 'private-ai-gateway#80, C10',
    habits: when(all(legacy, asked), refused(400)),
  },
  { name: 'include_usage true is a 500', source: 'C10', habits: when(all(chat, asked), refused(500)) },
  {
    name: 'stream_options {} is a 400 in legacy',
    source: 'OpenVINO MS, C10',
    habits: when(all(legacy, option('empty')), refused(400)),
  },
].map((server) => ({ ...server, fails: ['stream-options-accepted'] }));
