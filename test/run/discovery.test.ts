/** Which APIs a server has is told by one request each; what it lacks is no finding. */
import { expect, it, onTestFinished } from 'vitest';
import { apis as allApis } from '../../src/apis/index.ts';
import type { ApiId } from '../../src/model/api.ts';
import { pathOf } from '../../src/model/endpoint-path.ts';
import type { ServerReport } from '../../src/model/report.ts';
import { checkServers } from '../../src/run/run.ts';
import type { Habits } from '../servers/habits.ts';
import { startServer } from '../servers/model-server.ts';
import { SETTINGS, targetAt } from './settings.ts';

const others: readonly ApiId[] = [...allApis.values()].filter((api) => api.discovered).map(({ id }) => id);
const JSON_TYPE = { 'content-type': 'application/json' };

/** Runs against a server that has chat and completions, and answers other paths like this. */
async function checked(
  elsewhere: Habits['elsewhere'],
  options: Partial<typeof SETTINGS> = {},
): Promise<{
  readonly server: ServerReport;
  readonly posts: readonly string[];
  readonly bodies: readonly string[];
}> {
  const running = await startServer(elsewhere === undefined ? {} : { elsewhere });
  onTestFinished(() => running.close());
  const report = await checkServers([targetAt(running.url)], { ...SETTINGS, ...options });
  const [server] = report.servers;
  if (server === undefined) throw new Error('no report');
  const sent = running.requests.filter(({ method }) => method === 'POST');
  return { server, posts: sent.map(({ path }) => path), bodies: sent.map(({ body }) => body) };
}

const resultsOf = ({ results }: ServerReport, api: ApiId) =>
  results
    .filter((result) => result.api === api)
    .map(({ check, case: key, verdict }) => [check, key, verdict]);

it.each<[string, Habits['elsewhere']]>([
  ['a 404', undefined],
  ['a 405', () => ({ status: 405, body: '' })],
  ['a 501', () => ({ status: 501, body: '{"error":"not implemented"}' })],
  [
    'a web page for any path',
    () => ({ status: 200, body: '<html></html>', headers: { 'content-type': 'text/html' } }),
  ],
  ['JSON for any path', () => ({ status: 200, body: '{"status":"ok"}', headers: JSON_TYPE })],
  ['a 500 for any path', () => ({ status: 500, body: 'oops' })],
  ['a closed connection for any path', () => 'close'],
  ['a 401 for any path but those that it serves', () => ({ status: 401, body: '{"error":"no key"}' })],
])('%s: not served, one skipped result each', async (_what, elsewhere) => {
  const { server } = await checked(elsewhere);
  expect(server.notServed).toEqual(others);
  expect(server.halt).toBeNull();
  for (const api of others)
    expect(resultsOf(server, api)).toEqual([['request-answered', `${api}/nonstream/-/text`, 'skip']]);
});

it('costs one request each', async () => {
  const { posts } = await checked(undefined);
  for (const api of others) {
    const endpoint = allApis.get(api)?.endpoint ?? { path: '', under: 'root' };
    const { path } = pathOf(endpoint, 'nonstream', 'toy');
    const { under } = endpoint;
    expect(posts.filter((one) => one === (under === 'version' ? `/v1${path}` : path))).toHaveLength(1);
  }
});

it('a 500 that says the API is not supported: not served', async () => {
  const body = '{"error":{"message":"messages is not supported by openai"}}';
  const { server } = await checked((path) => (path === '/v1/messages' ? { status: 500, body } : undefined));
  expect(server.notServed).toContain('messages');
});

it('a chat completion at another API’s path: not served', async () => {
  const body = JSON.stringify({
    object: 'chat.completion',
    choices: [{ index: 0, message: { content: 'hi' } }],
  });
  const { server } = await checked((path) =>
    path === '/api/chat' ? { status: 200, body, headers: JSON_TYPE } : undefined,
  );
  expect(server.notServed).toContain('ollama-chat');
});

it('a 500 at the API’s path alone is a fail of the API', async () => {
  const { server } = await checked((path) =>
    path === '/v1/messages' ? { status: 500, body: 'oops' } : undefined,
  );
  expect(server.notServed).not.toContain('messages');
  expect(resultsOf(server, 'messages')).toContainEqual([
    'request-answered',
    'messages/nonstream/-/text',
    'fail',
  ]);
});

it('a 404 that names the model is about the model', async () => {
  const body = '{"error":{"message":"model "toy" not found"}}';
  const { server } = await checked((path) => (path === '/v1/messages' ? { status: 404, body } : undefined));
  expect(server.notServed).not.toContain('messages');
});

it('a stream that nobody asked for is one fault, and from then on a whole answer is asked for', async () => {
  const body = 'event: message_start\ndata: {"type":"message_start","message":{}}\n\n';
  const headers = { 'content-type': 'text/event-stream' };
  const { server, bodies } = await checked(
    (path, sent) => {
      if (path !== '/v1/messages') return undefined;
      return JSON.parse(sent).stream === false
        ? { status: 400, body: '{"error":{"message":"not today"}}' }
        : { status: 200, body, headers };
    },
    { apis: ['messages'], confirm: false },
  );
  const fails = server.results.filter(
    ({ check, verdict }) => check === 'request-answered' && verdict === 'fail',
  );
  expect(fails.map(({ case: key, class: word }) => [key, word])).toEqual([
    ['messages/nonstream/-/text', 'stream'],
  ]);
  const asked = bodies.map((one) => JSON.parse(one).stream);
  expect(asked[0]).toBeUndefined();
  expect(asked).toContain(false);
});

it.each([null, 'toy'])('says that a web page is no API, and asks no more (model %s)', async (model) => {
  const page = { status: 200, headers: { 'content-type': 'text/html' }, body: '<html>Welcome</html>' };
  const running = await startServer({ models: () => page, instead: () => page });
  onTestFinished(() => running.close());
  const report = await checkServers([{ ...targetAt(running.url), model }], SETTINGS);
  const [server] = report.servers;
  if (server === undefined) throw new Error('no report');
  const { halt, requests, results } = server;
  expect(halt?.kind).toBe('unreached');
  expect(halt?.message).toContain('answers with a web page, not with an API; is that its address?');
  expect(requests).toBeLessThan(6);
  expect(results.every(({ verdict }) => verdict === 'error' || verdict === 'skip')).toBe(true);
});
