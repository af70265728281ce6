/** --repair: what a server leaves uncounted is counted where that is proven, and marked where it is not. */
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it, onTestFinished } from 'vitest';
import { llamaCppPython } from '../../src/products/llama-cpp-python.ts';
import type { RepairSettings } from '../../src/proxy/proxy.ts';
import { rowsIn, temporaryFolder } from './rows.ts';
import { started } from './started.ts';

const CHAT = '/v1/chat/completions';
const ASKED = { stream: true, stream_options: { include_usage: true } };

interface Asked {
  readonly stream?: boolean;
  readonly max_tokens?: number;
  readonly stop?: string;
  readonly messages?: ReadonlyArray<{ readonly content: string }>;
}

/** One token a word of `says`, up to the limit; like llama-cpp-python it sends no usage in a stream. */
interface Toy {
  readonly says: (asked: Asked) => readonly string[];
  readonly finish?: string;
  /** Added to what a whole answer counts. */
  readonly off?: number;
  readonly usage?: boolean;
  /** Of its /openapi.json; without it there is none. */
  readonly title?: string;
}

async function toy({ says, finish, off = 0, usage = false, title }: Toy) {
  const requests: Asked[] = [];
  const looks: Array<readonly string[]> = [];
  let open = 0;
  let most = 0;
  const answer = async (request: IncomingMessage, write: (text: string) => void) => {
    const pieces: Buffer[] = [];
    for await (const piece of request) pieces.push(piece as Buffer);
    const asked = JSON.parse(Buffer.concat(pieces).toString() || '{}') as Asked;
    requests.push(asked);
    const limit = asked.max_tokens ?? 5;
    const words = says(asked).slice(0, limit);
    const why = finish ?? (words.length === limit ? 'length' : 'stop');
    const counts = { prompt_tokens: 11, completion_tokens: words.length + off };
    const counted = { ...counts, total_tokens: counts.prompt_tokens + counts.completion_tokens };
    if (asked.stream !== true) {
      const choices = [{ index: 0, message: { content: words.join('') }, finish_reason: why }];
      write(JSON.stringify({ id: 'w', choices, usage: counted }));
      return;
    }
    const base = { id: 'c1', object: 'chat.completion.chunk', created: 7, model: 'toy' };
    const event = (delta: object, finish_reason: string | null) =>
      write(`data: ${JSON.stringify({ ...base, choices: [{ index: 0, delta, finish_reason }] })}\n\n`);
    event({ role: 'assistant' }, null);
    for (const content of words) {
      event({ content }, null);
      await sleep(1);
    }
    event({}, why);
    if (usage) write(`data: ${JSON.stringify({ ...base, choices: [], usage: counted })}\n\n`);
    write('data: [DONE]\n\n');
  };
  const server = createServer((request, response) => {
    if (request.url === '/openapi.json') {
      looks.push(request.rawHeaders);
      response.statusCode = title === undefined ? 404 : 200;
      response.end(JSON.stringify({ info: { title, version: '0.3.36' } }));
      return;
    }
    open += 1;
    most = Math.max(most, open);
    response.on('close', () => {
      open -= 1;
    });
    void answer(request, (text) => {
      if (!response.headersSent)
        response.setHeader(
          'content-type',
          text.startsWith('data') ? 'text/event-stream' : 'application/json',
        );
      response.write(text);
    }).then(() => response.end());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, requests, looks, mostAtATime: () => most };
}

const KNOWN: RepairSettings = {
  product: llamaCppPython,
  allowEstimates: false,
  tokenizer: null,
};

async function repairing(habits: Toy, settings: Partial<RepairSettings> = {}, inject = false) {
  const server = await toy(habits);
  const ledger = temporaryFolder();
  const proxy = await started(server.url, { ledger, inject, repair: { ...KNOWN, ...settings } });
  const ask = async (body: object) => {
    const messages = [{ role: 'user', content: 'x' }];
    const response = await fetch(proxy.url + CHAT, {
      method: 'POST',
      body: JSON.stringify({ model: 'toy', messages, ...body }),
    });
    const events = (await response.text()).split('\n\n').filter((event) => event !== '');
    return { events, mode: response.headers.get('lastchunk-mode') };
  };
  return { ask, server, ledger, proxy };
}

const words = (count: number) => Array.from({ length: count }, (_, at) => `w${at} `);
const said = (event = '') => JSON.parse(event.replace('data: ', '')) as object;

it('adds a chunk with what is proven before the end marker', async () => {
  const { ask, ledger } = await repairing({ says: () => words(20) });
  const { events, mode } = await ask(ASKED);
  expect(mode).toBe('repair');
  expect(events.at(-1)).toBe('data: [DONE]');
  expect(Object.entries(said(events.at(-2)))).toEqual([
    ['id', 'c1'],
    ['object', 'chat.completion.chunk'],
    ['created', 7],
    ['model', 'toy'],
    ['choices', []],
    ['usage', { prompt_tokens: 11, completion_tokens: 5, total_tokens: 16 }],
    ['lastchunk', { source: 'counted', exact: true }],
  ]);
  expect(rowsIn(ledger)).toMatchObject([
    {
      reported: null,
      counted: { prompt_tokens: 11, completion_tokens: 5, total_tokens: 16, exact: true },
      problems: ['usage-present'],
      end: 'complete',
    },
  ]);
});

it('asks for the prompt by the same request, of one token; calibrates once for a path and model', async () => {
  const { ask, server } = await repairing({ says: () => words(20) });
  const body = { ...ASKED, temperature: 0.5 };
  await ask(body);
  const first = server.requests.length;
  expect(server.requests[1]).toMatchObject({
    temperature: 0.5,
    stream: false,
    max_tokens: 1,
    stream_options: null,
  });
  expect(first).toBe(2 + 4);
  await ask(body);
  expect(server.requests.length).toBe(first + 2);
});

it.each<[string, Toy, object, object | null]>([
  ['a character of several bytes', { says: () => ['a', '好', 'b'] }, {}, { completion_tokens: 3 }],
  ['a stop string', { says: () => ['a', 'b'] }, { stop: 'END' }, { completion_tokens: 2 }],
])(
  'nothing is proven after %s: an estimate is added only where that is allowed',
  async (_, habits, body, usage) => {
    // Other answers are plain, so that the calibration holds.
    const plain: Toy = {
      ...habits,
      says: (asked) => (asked.messages?.[0]?.content === 'x' ? habits.says(asked) : words(20)),
    };
    const strict = await repairing(plain);
    expect((await strict.ask({ ...ASKED, ...body })).events.join()).not.toContain('lastchunk');
    expect(rowsIn(strict.ledger)).toMatchObject([{ counted: null }]);
    const loose = await repairing(plain, { allowEstimates: true });
    const { events } = await loose.ask({ ...ASKED, ...body });
    expect(said(events.at(-2))).toMatchObject({ usage, lastchunk: { source: 'estimate', exact: false } });
    expect(rowsIn(loose.ledger)).toMatchObject([{ counted: { ...usage, exact: false } }]);
  },
);

it('a token that shows nothing is a token', async () => {
  const { ask } = await repairing({ says: () => ['a', '', 'b', '', 'c', 'd', 'e', 'f', 'g'] });
  const { events } = await ask({ ...ASKED, max_tokens: 4 });
  expect(said(events.at(-2))).toMatchObject({ usage: { completion_tokens: 4 }, lastchunk: { exact: true } });
});

it('a stop string of one byte hides nothing', async () => {
  const { ask } = await repairing({ says: ({ stop }) => (stop === undefined ? words(20) : ['a', 'b']) });
  const { events } = await ask({ ...ASKED, stop: '!' });
  expect(said(events.at(-2))).toMatchObject({ usage: { completion_tokens: 2 }, lastchunk: { exact: true } });
});

it('nothing is exact where the server counts otherwise', async () => {
  const { ask } = await repairing({ says: () => words(20), off: 1 });
  expect((await ask(ASKED)).events.join()).not.toContain('lastchunk');
});

const TITLE = '🦙 llama.cpp Python API';

it('recognises a product by what it says of itself, before the first request', async () => {
  const { ask, server, ledger, proxy } = await repairing(
    { says: () => words(20), title: TITLE },
    { product: null },
  );
  const answers = await Promise.all([ask(ASKED), ask(ASKED)]);
  for (const { events } of answers)
    expect(said(events.at(-2))).toMatchObject({
      usage: { completion_tokens: 5 },
      lastchunk: { source: 'counted', exact: true },
    });
  expect(server.looks).toHaveLength(1);
  expect(server.mostAtATime()).toBe(1);
  expect(rowsIn(ledger)).toHaveLength(2);
  expect(proxy.log).toEqual(['--repair: the server is llama-cpp-python']);
});

it('looks for the product at the root of the server, and shows it no key', async () => {
  const server = await toy({ says: () => words(20), title: TITLE });
  const proxy = await started(`${server.url}/v1`, { repair: { ...KNOWN, product: null } });
  const headers = { authorization: 'Bearer k' };
  await fetch(`${proxy.url}/chat/completions`, { method: 'POST', headers, body: '{}' });
  expect(server.looks).toHaveLength(1);
  expect(server.looks.join().toLowerCase()).not.toContain('authorization');
});

it.each([
  ['has no description', undefined],
  ['has another one', 'FastAPI'],
])('a server that %s is left alone, byte for byte', async (_, title) => {
  const habits: Toy = { says: () => words(20), ...(title === undefined ? {} : { title }) };
  const direct = await toy(habits);
  const { proxy, server } = await repairing(habits, { product: null });
  const body = JSON.stringify({ model: 'toy', messages: [], ...ASKED });
  const textAt = (url: string) => fetch(url + CHAT, { method: 'POST', body }).then((it) => it.text());
  const plain = await textAt(direct.url);
  expect(await Promise.all([textAt(proxy.url), textAt(proxy.url)])).toEqual([plain, plain]);
  expect(await textAt(proxy.url)).toBe(plain);
  expect(server.looks).toHaveLength(1);
  expect(server.requests).toHaveLength(3);
});

it('a product that the user names is not looked for', async () => {
  const { ask, server } = await repairing({ says: () => words(20), title: 'FastAPI' });
  expect((await ask(ASKED)).events.join()).toContain('lastchunk');
  expect(server.looks).toEqual([]);
});

it('a server that sends usage is left alone, byte for byte', async () => {
  const habits: Toy = { says: () => words(20), usage: true, off: 3 };
  const direct = await toy(habits);
  const body = JSON.stringify({ model: 'toy', messages: [], ...ASKED });
  const { proxy, ledger, server } = await repairing(habits);
  const [plain, repaired] = await Promise.all(
    [direct.url, proxy.url].map((url) => fetch(url + CHAT, { method: 'POST', body }).then((it) => it.text())),
  );
  expect(repaired).toBe(plain);
  expect(server.requests).toHaveLength(1);
  expect(rowsIn(ledger)).toMatchObject([{ counted: null, reported: { completion_tokens: 8 } }]);
});

it('who did not ask gets nothing added; with --inject it is counted for the ledger', async () => {
  const plain = await repairing({ says: () => words(20) });
  expect((await plain.ask({ stream: true })).events.join()).not.toContain('lastchunk');
  expect(rowsIn(plain.ledger)).toMatchObject([{ counted: null }]);
  const both = await repairing({ says: () => words(20) }, {}, true);
  const { events, mode } = await both.ask({ stream: true });
  expect(mode).toBe('inject, repair');
  expect(events.join()).not.toContain('"lastchunk"');
  expect(rowsIn(both.ledger)).toMatchObject([
    { counted: { completion_tokens: 5, exact: true }, injected: true },
  ]);
});

it('an answer that is not whole is not counted', async () => {
  const { ask, ledger } = await repairing({ says: () => words(20), finish: '' }, { allowEstimates: true });
  expect((await ask(ASKED)).events.join()).not.toContain('lastchunk');
  expect(rowsIn(ledger)).toMatchObject([{ counted: null }]);
});

it('requests of any path wait for their turn, and the wait is in the row', async () => {
  const { ask, server, ledger, proxy } = await repairing({ says: () => words(20) });
  await Promise.all([
    ask(ASKED),
    ask(ASKED),
    fetch(`${proxy.url}/v1/models`).then((it) => it.text()),
    ask({}),
  ]);
  expect(server.mostAtATime()).toBe(1);
  const waits = rowsIn(ledger).map(({ waitMs }) => waitMs);
  expect(waits[0]).toBeLessThan(waits[1] ?? 0);
});

it('a client that leaves while it waits gives its turn away', async () => {
  const { ask, proxy } = await repairing({ says: () => words(20) });
  const messages = [{ role: 'user', content: 'x' }];
  const first = await fetch(proxy.url + CHAT, {
    method: 'POST',
    body: JSON.stringify({ ...ASKED, messages }),
  });
  const leaving = new AbortController();
  const left = fetch(`${proxy.url}/a`, { signal: leaving.signal }).catch(() => 'left');
  leaving.abort();
  expect(await left).toBe('left');
  expect(await first.text()).toContain('[DONE]');
  expect((await ask(ASKED)).events.at(-1)).toBe('data: [DONE]');
});
