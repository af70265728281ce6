/** --inject: the proxy asks for usage, and the client sees nothing of it. */
import { expect, it } from 'vitest';
import { exchange, rawUpstream } from './raw.ts';
import { rowsIn, temporaryFolder } from './rows.ts';
import { started } from './started.ts';

const CHAT = '/v1/chat/completions';
const HEAD = 'HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nx-a: 1\r\n';
const CHUNK = 'data: {"choices":[{"index":0,"delta":{"content":"a"},"finish_reason":null}],"usage":null}\n\n';
const FINISH = 'data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}],"usage":null}\n\n';
const USAGE = 'data: {"choices":[],"usage":{"prompt_tokens":3,"completion_tokens":1,"total_tokens":4}}\n\n';
const DONE = 'data: [DONE]\n\n';

const post = (body: string, headers = '') =>
  `POST ${CHAT} HTTP/1.1\r\nHost: me\r\nConnection: close\r\n${headers}content-length: ${Buffer.byteLength(body, 'latin1')}\r\n\r\n${body}`;

const bodyOf = (text = '') => text.slice(text.indexOf('\r\n\r\n') + 4);

/** Out of its chunks. */
function eventsOf(text: string): string {
  let rest = bodyOf(text);
  let body = '';
  for (;;) {
    const [head = '', size = '0'] = /^([0-9a-f]+)\r\n/.exec(rest) ?? [];
    const length = Number.parseInt(size, 16);
    if (length === 0) return body;
    body += rest.slice(head.length, head.length + length);
    rest = rest.slice(head.length + length + 2);
  }
}

async function injecting(...answers: readonly string[]) {
  let number = 0;
  const upstream = await rawUpstream((socket) => {
    socket.end(answers[Math.min(number, answers.length - 1)] ?? '');
    number += 1;
  });
  const ledger = temporaryFolder();
  const proxy = await started(upstream.url, { ledger, inject: true });
  return { upstream, ledger, port: proxy.port };
}

it('puts the option into the body and nothing else, and takes the chunk out again', async () => {
  const body = '{\n "stream" : true, "seed":12345678901234567890,"top_p":1.0, "user":"\\u00e9\xff"}';
  const { upstream, ledger, port } = await injecting(`${HEAD}\r\n${CHUNK}${FINISH}${USAGE}: note\n\n${DONE}`);
  const { text } = await exchange(port, post(body));
  expect(bodyOf(upstream.received[0])).toBe(body.replace('}', ',"stream_options":{"include_usage":true}}'));
  expect(upstream.received[0]).toContain(
    `content-length: ${Buffer.byteLength(bodyOf(upstream.received[0]), 'latin1')}\r\n`,
  );
  expect(eventsOf(text)).toBe(`${CHUNK}${FINISH}: note\n\n${DONE}`);
  expect(text).toContain('lastchunk-mode: inject\r\n');
  expect(rowsIn(ledger)).toMatchObject([
    { asked: false, injected: true, reported: { prompt_tokens: 3, completion_tokens: 1, total_tokens: 4 } },
  ]);
});

it.each([
  ['a client that asked', '{"stream":true,"stream_options":{"include_usage":true}}'],
  ['no stream', '{"stream":false}'],
  ['what is no JSON', '{"stream":true'],
  ['options of another kind', '{"stream":true,"stream_options":7}'],
])('leaves alone: %s', async (_, body) => {
  const answer = `${HEAD}content-length: ${(CHUNK + FINISH + USAGE + DONE).length}\r\n\r\n${CHUNK}${FINISH}${USAGE}${DONE}`;
  const { upstream, ledger, port } = await injecting(answer);
  const { text } = await exchange(port, post(body));
  expect(bodyOf(upstream.received[0])).toBe(body);
  expect(bodyOf(text)).toBe(bodyOf(answer));
  expect(rowsIn(ledger)).toMatchObject([{ injected: false }]);
});

it('a usage beside choices stays, and so does what comes byte by byte', async () => {
  const last = FINISH.replace(
    '"usage":null',
    '"usage":{"prompt_tokens":3,"completion_tokens":1,"total_tokens":4}',
  );
  const upstream = await rawUpstream((socket) => {
    const bytes = `${HEAD}\r\n${CHUNK}${last}${USAGE}${DONE}`;
    let at = 0;
    const next = () => {
      if (at === bytes.length) return socket.end();
      socket.write(bytes.charAt(at), () => setImmediate(next));
      at += 1;
    };
    next();
  });
  const proxy = await started(upstream.url, { inject: true });
  const { text } = await exchange(proxy.port, post('{"stream":true}'));
  expect(eventsOf(text)).toBe(`${CHUNK}${last}${DONE}`);
});

it('sends once more what a server refuses because of the option, and remembers it for path and model', async () => {
  const refusal = '{"error":{"message":"Unknown field: stream_options"}}';
  const refused = `HTTP/1.1 422 No\r\ncontent-length: ${refusal.length}\r\n\r\n${refusal}`;
  const answer = `${HEAD}\r\n${CHUNK}${FINISH}${DONE}`;
  const { upstream, ledger, port } = await injecting(refused, answer, answer, refused);
  const { text } = await exchange(port, post('{"stream":true,"model":"a"}'));
  expect(eventsOf(text)).toBe(`${CHUNK}${FINISH}${DONE}`);
  await exchange(port, post('{"stream":true,"model":"a"}'));
  await exchange(port, post('{"stream":true,"model":"b"}'));
  const sent = upstream.received.map((request) => request.includes('include_usage'));
  expect(sent).toEqual([true, false, false, true, false]);
  expect(rowsIn(ledger).map(({ injected, status }) => [injected, status])).toEqual([
    [false, 200],
    [false, 200],
    [false, 422],
  ]);
});

it.each([
  ['a 429 that names it', '429', 'stream_options'],
  ['a 400 about something else', '400', 'model'],
  ['a 500', '500', 'stream_options'],
])('passes other refusals on as they came: %s', async (_, status, word) => {
  const body = `{"error":"${word}"}`;
  const answer = `HTTP/1.1 ${status} Why\r\nX-b: 1\r\ncontent-length: ${body.length}\r\n\r\n${body}`;
  const { upstream, port } = await injecting(answer);
  const { text } = await exchange(port, post('{"stream":true}'));
  expect(text).toMatch(new RegExp(`^HTTP/1.1 ${status} Why\r\nX-b: 1\r\n`));
  expect(bodyOf(text)).toBe(body);
  expect(upstream.received).toHaveLength(1);
});

it('a large refusal passes whole', async () => {
  const body = `{"error":"${'x'.repeat(300_000)}"}`;
  const { port } = await injecting(`HTTP/1.1 400 Why\r\ncontent-length: ${body.length}\r\n\r\n${body}`);
  expect(bodyOf((await exchange(port, post('{"stream":true}'))).text)).toBe(body);
});

it('a body over the limit passes unread', async () => {
  const upstream = await rawUpstream((socket) => socket.end('HTTP/1.1 204 No\r\n\r\n'));
  const proxy = await started(upstream.url, { inject: true, maxBodyBytes: 20 });
  const body = JSON.stringify({ stream: true, pad: 'x'.repeat(100_000) });
  await exchange(proxy.port, post(body));
  expect(bodyOf(upstream.received[0])).toBe(body);
});

it('a client that waits to be told gets its 100, and the target is not asked for one', async () => {
  const { upstream, port } = await injecting(`${HEAD}\r\n${CHUNK}${FINISH}${DONE}`);
  const { text } = await exchange(port, post('{"stream":true}', 'Expect: 100-continue\r\n'));
  expect(text).toMatch(/^HTTP\/1.1 100 Continue\r\n\r\nHTTP\/1.1 200 OK/);
  expect(upstream.received[0]).not.toContain('Expect');
});
