import { describe, expect, it } from 'vitest';
import { type Counter, type UsageReport, type WithUsageOptions, withUsage } from '../../src/client/index.ts';
import { bytesOf, chatStream, USAGE } from '../watch/watched.ts';

const SAID = ['Hello', ' ', 'world'];
const URL = 'http://host/v1/chat/completions';
const BODY =
  '{"messages":[{"role":"user","content":"\\u00e9"}],"stream":true,"seed":12345678901234567890,"top_p":1.0}';
const ASKED = BODY.replace(/}$/, ',"stream_options":{"include_usage":true}}');

interface Sent {
  readonly body: string;
  readonly length: string | null;
  readonly signal: AbortSignal;
}

/** A fetch of a server that streams usage where it is asked for, and what it was sent. */
function server(answer: (body: string) => Response = streamed) {
  const sent: Sent[] = [];
  const fetch: typeof globalThis.fetch = async (input, init) => {
    const request = new Request(input, init);
    const body = await request.text();
    sent.push({ body, length: request.headers.get('content-length'), signal: request.signal });
    return answer(body);
  };
  return { fetch, sent };
}

const streamed = (body: string) =>
  new Response(chatStream(SAID, body.includes('"include_usage":true') ? USAGE : null), {
    headers: { 'content-type': 'text/event-stream' },
  });

/** A fetch with usage, and the reports that it gave. */
function watching(fetch: typeof globalThis.fetch, options: WithUsageOptions = {}) {
  const reports: UsageReport[] = [];
  const told = withUsage(fetch, { ...options, onReport: (report) => reports.push(report) });
  return { fetch: told, reports: () => expect.poll(() => reports) };
}

const post = { method: 'POST', headers: { 'content-type': 'application/json' } };

describe('what is watched', () => {
  it('the answer to a request that asks for usage', async () => {
    const { fetch, sent } = server();
    const watched = watching(fetch);
    const response = await watched.fetch(URL, { ...post, body: ASKED });
    expect(await response.text()).toBe(chatStream(SAID));
    await watched.reports().toMatchObject([{ usage: USAGE, source: 'server', problems: [] }]);
    expect(sent.map(({ body }) => body)).toEqual([ASKED]);
  });

  it.each([
    ['another path', 'http://host/v1/models', post],
    ['another method', URL, { method: 'PUT' }],
  ])('not %s: its arguments and its response are the same', async (_, url, init) => {
    const given: unknown[] = [];
    const response = Response.json({});
    const watched = watching(async (...all) => {
      given.push(...all);
      return response;
    });
    expect(await watched.fetch(url, init)).toBe(response);
    expect(given[0]).toBe(url);
    expect(given[1]).toBe(init);
  });

  it('a path below another one, with a query', async () => {
    const watched = watching(server().fetch);
    const url = 'http://host/openai/deployments/x/chat/completions/?api-version=1';
    await (await watched.fetch(new globalThis.URL(url), { ...post, body: ASKED })).text();
    await watched.reports().toHaveLength(1);
  });

  it('an error of fetch is the same error, and told', async () => {
    const error = new TypeError('fetch failed');
    const watched = watching(() => Promise.reject(error));
    await expect(watched.fetch(URL, { ...post, body: ASKED })).rejects.toBe(error);
    await watched.reports().toMatchObject([{ usage: null, end: 'error' }]);
  });

  it('a request that was aborted was left', async () => {
    const controller = new AbortController();
    const watched = watching((_, init) => {
      controller.abort();
      return Promise.reject(init?.signal?.reason);
    });
    const { signal } = controller;
    await expect(watched.fetch(URL, { ...post, body: ASKED, signal })).rejects.toThrow('abort');
    await watched.reports().toMatchObject([{ usage: null, end: 'left' }]);
  });
});

describe('asking', () => {
  const ask = true;
  const bodies: ReadonlyArray<readonly [string, () => unknown]> = [
    ['text', () => BODY],
    ['bytes', () => bytesOf(BODY) as Uint8Array<ArrayBuffer>],
    ['a buffer', () => (bytesOf(BODY) as Uint8Array<ArrayBuffer>).buffer],
    ['a blob', () => new Blob([BODY])],
    ['a stream', () => new Blob([BODY]).stream()],
  ];

  it.each(bodies)('of a body that is %s, everything else in it as written', async (_, body) => {
    const { fetch, sent } = server();
    const watched = watching(fetch, { ask });
    const init = { ...post, body: body(), duplex: 'half' } as RequestInit;
    const response = await watched.fetch(URL, init);
    expect(await response.text()).toBe(chatStream(SAID, null));
    expect(sent.map((one) => one.body)).toEqual([ASKED]);
    await watched.reports().toMatchObject([{ usage: USAGE, source: 'server', problems: [] }]);
  });

  it('of a Request', async () => {
    const { fetch, sent } = server();
    const watched = watching(fetch, { ask });
    const response = await watched.fetch(new Request(URL, { ...post, body: BODY }));
    expect(await response.text()).toBe(chatStream(SAID, null));
    expect(sent.map((one) => one.body)).toEqual([ASKED]);
    await watched.reports().toMatchObject([{ usage: USAGE }]);
  });

  it('the length that headers say is that of what is sent', async () => {
    const { fetch, sent } = server();
    const length = String(BODY.length);
    for (const headers of [
      { 'Content-Length': length },
      [['content-length', length]],
      new Headers({ 'content-length': length }),
    ])
      await watching(fetch, { ask }).fetch(URL, {
        method: 'POST',
        headers: headers as Headers,
        body: BODY,
      });
    expect(sent.map((one) => one.length)).toEqual(Array(3).fill(String(ASKED.length)));
  });

  it('not where the caller asks: then the chunk is his', async () => {
    const { fetch, sent } = server();
    const response = await watching(fetch, { ask }).fetch(URL, { ...post, body: ASKED });
    expect(await response.text()).toBe(chatStream(SAID));
    expect(sent.map(({ body }) => body)).toEqual([ASKED]);
  });

  it.each(['{"messages":[]}', '{"stream":false}', 'no JSON', '[]', '{"stream":true,"stream_options":7}'])(
    'not of %s',
    async (body) => {
      const { fetch, sent } = server();
      await watching(fetch, { ask }).fetch(URL, { ...post, body });
      expect(sent.map((one) => one.body)).toEqual([body]);
    },
  );

  it('a server that refuses is asked without, then and later', async () => {
    const { fetch, sent } = server((body) =>
      body.includes('stream_options')
        ? Response.json({ error: { message: 'unknown field stream_options' } }, { status: 400 })
        : streamed(body),
    );
    const watched = watching(fetch, { ask });
    for (const _ of [1, 2]) {
      const response = await watched.fetch(URL, { ...post, body: BODY });
      expect(await response.text()).toBe(chatStream(SAID, null));
    }
    expect(sent.map(({ body }) => body)).toEqual([ASKED, BODY, BODY]);
    await watched.reports().toMatchObject([
      { usage: null, problems: [] },
      { usage: null, problems: [] },
    ]);
  });

  it('another refusal is passed on', async () => {
    const { fetch, sent } = server(
      () => new Response('{"error":{"message":"no such model"}}', { status: 404 }),
    );
    const response = await watching(fetch, { ask }).fetch(URL, { ...post, body: BODY });
    expect([response.status, await response.text(), sent.length]).toEqual([
      404,
      '{"error":{"message":"no such model"}}',
      1,
    ]);
  });
});

describe('counting', () => {
  const count =
    (prompt_tokens: number, completion_tokens: number, exact: boolean): Counter =>
    () => ({
      prompt_tokens,
      completion_tokens,
      exact,
    });
  const reported = async (counters: Counter | Counter[], answer?: string) => {
    const { fetch } = server(() => new Response(answer ?? chatStream(SAID, null)));
    const watched = watching(fetch, { count: counters });
    await (await watched.fetch(URL, { ...post, body: ASKED })).text();
    return watched.reports();
  };

  it('the first counter that can', async () => {
    const broken: Counter[] = [
      () => null,
      () => {
        throw new Error('mine');
      },
      async () => Promise.reject(new Error('mine')),
      count(0, 3, true),
      count(9, 0, true),
      count(9, 1.5, true),
      () => ({}) as never,
    ];
    const usage = { prompt_tokens: 9, completion_tokens: 3, total_tokens: 12 };
    await (await reported([...broken, count(9, 3, true), count(8, 2, false)])).toMatchObject([
      { usage, source: 'counted', exact: true, problems: ['usage-present'] },
    ]);
    await (await reported(count(9, 3, false))).toMatchObject([{ usage, source: 'estimate', exact: false }]);
  });

  it('is told what was asked and said', async () => {
    const asked: unknown[] = [];
    await (
      await reported((one) => {
        asked.push({ ...one, send: typeof one.send });
        return null;
      })
    ).toMatchObject([{ usage: null, source: 'unknown', exact: false }]);
    expect(asked).toEqual([
      {
        api: 'chat',
        request: JSON.parse(ASKED),
        text: SAID.join(''),
        texts: [SAID.join('')],
        finish: ['stop'],
        chunks: SAID.length,
        send: 'function',
      },
    ]);
  });

  it.each([
    ['a usage', chatStream(SAID)],
    ['no end', chatStream(SAID, null).replace('data: [DONE]\n\n', '')],
    ['no finish', chatStream(SAID, null).replace('"stop"', 'null')],
    ['an error', chatStream(SAID, null).replace('data: [DONE]', 'data: {"error":{"message":"no"}}')],
    ['an event over 1 MiB', chatStream(['x'.repeat(1024 * 1024 + 1)], null)],
  ])('not where there is %s', async (_, answer) => {
    const asked: unknown[] = [];
    const counter: Counter = (one) => {
      asked.push(one);
      return null;
    };
    await (await reported(counter, answer)).toHaveLength(1);
    expect(asked).toEqual([]);
  });
});
