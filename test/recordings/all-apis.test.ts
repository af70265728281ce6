/** A run of all APIs is judged from its recording, and against a replay of it, as it was judged live. */
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, expect, it, onTestFinished } from 'vitest';
import { differencesOf } from '../../src/commands/demo.ts';
import type { ServerReport } from '../../src/model/report.ts';
import type { Recording } from '../../src/recordings/recording.ts';
import { startReplay } from '../../src/recordings/server.ts';
import { checkServers } from '../../src/run/run.ts';
import { runRecording } from '../../src/run/run-recording.ts';
import { SETTINGS, targetAt } from '../run/settings.ts';
import { startOthers } from '../servers/other-api-server.ts';
import { speeches } from '../servers/speeches.ts';
import { recorded, removeFolders } from './recorded.ts';

afterAll(removeFolders);

const KEY = 'sk-0123456789-secret';

/** What a server's front answers by itself; null: what the server says. */
type Front = (request: IncomingMessage, status: number) => number | null;

/** A front before a server. @returns its address */
async function fronted(url: string, front: Front): Promise<string> {
  const server = createServer(async (request, response) => {
    const body = await text(request);
    const { method = 'GET' } = request;
    const answer = await fetch(url + request.url, { method, ...(method === 'GET' ? {} : { body }) });
    const type = answer.headers.get('content-type') ?? 'application/json';
    const own = front(request, answer.status);
    response.writeHead(own ?? answer.status, { 'content-type': own === null ? type : 'application/json' });
    response.end(own === null ? await answer.text() : '{"status":"no"}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function replayed({ head }: Recording, url: string): Promise<ServerReport> {
  const headers = { authorization: `Bearer ${KEY}` };
  const { servers } = await checkServers([targetAt(url, { headers })], {
    ...SETTINGS,
    suite: head.suite,
    seed: head.seed,
  });
  if (servers[0] === undefined) throw new Error('no server was checked');
  return servers[0];
}

const none: Front = () => null;

it.each<[string, readonly (keyof typeof speeches)[], Front, 'standard' | 'smoke', number]>([
  [
    'a server of all APIs',
    ['responses', 'messages', 'ollama-chat', 'llamacpp-completion'],
    none,
    'standard',
    2,
  ],
  ['a server of chat alone', [], none, 'smoke', 6],
  [
    'Messages with a key as others have it',
    ['messages'],
    ({ headers }) => (headers['x-api-key'] === undefined ? null : 401),
    'smoke',
    5,
  ],
  ['a server that answers any path', ['messages'], (_, status) => (status === 404 ? 200 : null), 'smoke', 5],
])(
  '%s',
  async (_what, apis, front, suite, absent) => {
    const server = await startOthers(apis.map((api) => [speeches[api], {}]));
    onTestFinished(server.close);
    const target = targetAt(await fronted(server.url, front), {
      headers: { authorization: `Bearer ${KEY}` },
    });
    const { live, recording } = await recorded(target, { suite });
    expect(live.notServed).toHaveLength(absent);
    expect(JSON.stringify(recording)).not.toContain(KEY);

    const from = (await runRecording(recording)).server;
    expect(differencesOf(recording.head, from)).toEqual([]);
    expect(from.notServed).toEqual(live.notServed);

    const replay = await startReplay(recording, { timing: 'none' });
    onTestFinished(() => replay.close());
    const again = await replayed(recording, replay.url);
    expect(differencesOf(recording.head, again)).toEqual([]);
    expect(again.notServed).toEqual(live.notServed);
  },
  60_000,
);
