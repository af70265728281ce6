/**
 * The server of the wall time benchmark, in a process of its own: plays an OpenAI-compatible server that takes a fixed
 * time for each answer, by its length. Prints its port; GET /sent gives the generation requests so far, as they came.
 */
import { createServer } from 'node:http';

const FIRST_TOKEN_MS = 60;
const TOKEN_MS = 5;
const LONGEST_ANSWER = 64;
const sent = [];

const json = (response, status, value) => {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(value));
};
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

function promptOf(body) {
  const prompts = body.messages
    ? [body.messages[0].content]
    : [body.prompt].flat(body.prompt?.every?.(Number.isInteger) ? 0 : 1);
  return prompts.reduce(
    (sum, prompt) => sum + (typeof prompt === 'string' ? prompt.split(' ').length + 4 : prompt.length),
    0,
  );
}

async function generate(body, chat, response) {
  const wanted = body.max_tokens ?? body.max_completion_tokens ?? 16;
  const limit = Math.min(wanted, LONGEST_ANSWER);
  const finish = wanted > limit ? 'stop' : 'length';
  const indexes = Array.from(
    {
      length:
        (body.n ?? 1) *
        (Array.isArray(body.prompt) && typeof body.prompt[0] === 'string' ? body.prompt.length : 1),
    },
    (_, i) => i,
  );
  const base = { id: `id-${sent.length}`, created: 1700000000, model: 'bench' };
  const usage = { prompt_tokens: promptOf(body), completion_tokens: limit * indexes.length };
  usage.total_tokens = usage.prompt_tokens + usage.completion_tokens;
  await pause(FIRST_TOKEN_MS);
  if (!body.stream) {
    await pause(limit * TOKEN_MS);
    const text = 'word '.repeat(limit);
    const choices = indexes.map((index) => ({
      index,
      ...(chat ? { message: { role: 'assistant', content: text } } : { text }),
      finish_reason: finish,
    }));
    json(response, 200, { ...base, object: chat ? 'chat.completion' : 'text_completion', choices, usage });
    return;
  }
  const object = chat ? 'chat.completion.chunk' : 'text_completion';
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  const asked = body.stream_options?.include_usage === true;
  const send = (choices, own = asked ? null : undefined) => {
    if (!response.destroyed)
      response.write(`data: ${JSON.stringify({ ...base, object, choices, usage: own })}\n\n`);
  };
  const delta = (text, end) =>
    indexes.map((index) => ({
      index,
      ...(chat ? { delta: { content: text } } : { text }),
      finish_reason: end,
    }));
  const steps = Math.ceil(limit / 8);
  for (let at = 0; at < steps; at += 1) {
    await pause((limit / steps) * TOKEN_MS);
    send(delta('word '.repeat(8), null));
  }
  send(delta('', finish));
  if (asked) send([], usage);
  response.end('data: [DONE]\n\n');
}

createServer(async (request, response) => {
  const parts = [];
  for await (const part of request) parts.push(part);
  const text = Buffer.concat(parts).toString();
  const { pathname } = new URL(request.url, 'http://h');
  if (pathname === '/sent') return json(response, 200, sent);
  if (pathname === '/v1/models') return json(response, 200, { data: [{ id: 'bench', max_model_len: 4096 }] });
  if (!pathname.endsWith('/completions')) return json(response, 404, { error: { message: 'not found' } });
  sent.push({ path: pathname, text });
  let body;
  try {
    body = JSON.parse(text);
  } catch {
    return json(response, 400, { error: { message: 'no JSON' } });
  }
  return generate(body, pathname.includes('/chat/'), response);
}).listen(0, '127.0.0.1', function () {
  console.log(this.address().port);
});
