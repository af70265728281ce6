// A server whose versions differ: 1.x sends usage in streams, 1.3.0 forgets it, 1.5.0 sends it again, 1.9.9 dies at once,
// 2.0.0 crashes on a forced tool call, hangs never becomes ready. 3.x has Anthropic's Messages, too, whose end says no
// usage from 3.2.0 on.
import { createServer } from 'node:http';

const flag = (name) => process.argv[process.argv.indexOf(`--${name}`) + 1];
const version = flag('version');
const forgets = ['1.3.0', '1.4.0'].includes(version);
if (version === 'hangs') await new Promise((resolve) => setTimeout(resolve, 600_000));
if (version === '1.9.9') {
  process.stderr.write('cannot load the library\n');
  process.exit(7);
}

function answer(body, path) {
  const chat = path.endsWith('/chat/completions');
  const limit = body.max_tokens ?? body.max_completion_tokens ?? 16;
  const prompt = JSON.stringify(body.messages ?? body.prompt).split(/\s+/).length + 3;
  const usage = { prompt_tokens: prompt, completion_tokens: limit, total_tokens: prompt + limit };
  const base = { id: `id-${Math.random()}`, created: 1, model: 'toy' };
  const text = 'word '.repeat(limit);
  if (!body.stream) {
    const choice = chat ? { message: { role: 'assistant', content: text } } : { text };
    const object = chat ? 'chat.completion' : 'text_completion';
    return JSON.stringify({
      ...base,
      object,
      choices: [{ index: 0, ...choice, finish_reason: 'length' }],
      usage,
    });
  }
  const asked = body.stream_options?.include_usage === true;
  const object = chat ? 'chat.completion.chunk' : 'text_completion';
  const part = (content, finish) => ({
    index: 0,
    ...(chat ? { delta: { content } } : { text: content }),
    finish_reason: finish,
  });
  const chunk = (choices, use) =>
    `data: ${JSON.stringify({ ...base, object, choices, ...(asked ? { usage: use } : {}) })}\n\n`;
  const last = asked && !forgets ? chunk([], usage) : '';
  return `${chunk([part(text, null)], null)}${chunk([part('', 'length')], null)}${last}data: [DONE]\n\n`;
}

function message({ max_tokens: limit, messages, stream }) {
  const input = JSON.stringify(messages).split(/\s+/).length + 3;
  const text = 'word '.repeat(limit);
  const own = { id: `msg-${Math.random()}`, type: 'message', role: 'assistant', model: 'toy' };
  const ended = { stop_reason: 'max_tokens', stop_sequence: null };
  const content = [{ type: 'text', text }];
  if (!stream)
    return JSON.stringify({
      ...own,
      content,
      ...ended,
      usage: { input_tokens: input, output_tokens: limit },
    });
  const start = { ...own, content: [], stop_reason: null, usage: { input_tokens: input, output_tokens: 1 } };
  const usage = version === '3.2.0' ? {} : { usage: { output_tokens: limit } };
  return [
    { type: 'message_start', message: start },
    { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
    { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text } },
    { type: 'content_block_stop', index: 0 },
    { type: 'message_delta', delta: ended, ...usage },
    { type: 'message_stop' },
  ]
    .map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`)
    .join('');
}

createServer((request, response) => {
  let text = '';
  request.on('data', (data) => {
    text += data;
  });
  request.on('end', () => {
    if (request.url.endsWith('/models')) {
      response.setHeader('content-type', 'application/json');
      return response.end(JSON.stringify({ object: 'list', data: [{ id: 'toy', max_model_len: 4096 }] }));
    }
    const hasMessages = version.startsWith('3.') && request.url === '/v1/messages';
    if (!request.url.endsWith('/completions') && !hasMessages) {
      response.statusCode = 404;
      return response.end('{"error":{"message":"no such path"}}');
    }
    let body;
    try {
      body = JSON.parse(text || 'null');
    } catch {
      body = null;
    }
    const refused = body === null || body.n > 1 || Array.isArray(body.prompt) || body.response_format;
    if (refused) {
      response.writeHead(400, { 'content-type': 'application/json' });
      return response.end('{"error":{"message":"not supported"}}');
    }
    if (version === '2.0.0' && typeof body.tool_choice === 'object') {
      process.stderr.write('assertion failed: tools\n');
      return process.kill(process.pid, 'SIGABRT');
    }
    response.setHeader('content-type', body.stream ? 'text/event-stream' : 'application/json');
    response.end(hasMessages ? message(body) : answer(body, request.url));
  });
}).listen(Number(flag('port')), '127.0.0.1');
