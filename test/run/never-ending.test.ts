/** A server that ignores a limit streams until it is stopped: that says nothing about the requests after it. */
import { createServer, type ServerResponse } from 'node:http';
import { expect, test } from 'vitest';
import { selectionOf } from '../../src/config/selection.ts';
import { isJsonObject, parseJson } from '../../src/model/json.ts';
import { runServer } from '../../src/run/run-server.ts';
import { SETTINGS, targetAt } from './settings.ts';

const usage = { prompt_tokens: 9, completion_tokens: 8, total_tokens: 17 };
const envelope = { id: 'a', created: 1, model: 'm' };

function chunk(content: string, finish: string | null): string {
  const choices = [{ index: 0, delta: { content }, finish_reason: finish }];
  return `data: ${JSON.stringify({ ...envelope, object: 'chat.completion.chunk', choices })}\n\n`;
}

/** Knows max_tokens only. */
function answer(text: string, response: ServerResponse): void {
  const body = parseJson(text);
  const asked = isJsonObject(body) ? body : {};
  const limited = asked.max_tokens !== undefined;
  if (asked.stream === true) {
    response.setHeader('content-type', 'text/event-stream');
    if (limited) response.end(`${chunk('a b c d e f g h', null)}${chunk('', 'length')}data: [DONE]\n\n`);
    else {
      const timer = setInterval(() => response.write(chunk(' and', null)), 20);
      response.on('close', () => clearInterval(timer));
    }
    return;
  }
  response.setHeader('content-type', 'application/json');
  const choices = [{ index: 0, message: { role: 'assistant', content: 'a' }, finish_reason: 'length' }];
  if (limited) response.end(JSON.stringify({ ...envelope, object: 'chat.completion', choices, usage }));
}

test('its whole answer is not waited for, and the run goes on', async () => {
  let asked = 0;
  const server = createServer((request, response) => {
    let text = '';
    request.on('data', (data: Buffer) => {
      text += data.toString();
    });
    request.on('end', () => {
      if (request.method === 'GET') {
        response.setHeader('content-type', 'application/json');
        response.end('{"object":"list","data":[{"id":"m"}]}');
      } else {
        if (text.includes('max_completion_tokens') && !text.includes('"stream":true')) asked += 1;
        answer(text, response);
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  try {
    const report = await runServer(targetAt(`http://127.0.0.1:${port}`), {
      ...SETTINGS,
      apis: ['chat'],
      suite: 'standard',
      selection: selectionOf(['chat/*/max-completion-tokens', 'chat/*/natural'], []),
      seed: 1,
      confirm: false,
      timeoutMs: 400,
    });
    expect(report.halt).toBeNull();
    expect(asked).toBe(0);
    const answered = report.results.filter(({ check }) => check === 'request-answered');
    expect(Object.fromEntries(answered.map((result) => [result.case, result.verdict]))).toEqual({
      'chat/stream/asked/max-completion-tokens': 'error',
      'chat/nonstream/-/max-completion-tokens': 'error',
      'chat/stream/asked/natural': 'pass',
      'chat/nonstream/-/natural': 'pass',
    });
  } finally {
    server.closeAllConnections();
    server.close();
  }
});
