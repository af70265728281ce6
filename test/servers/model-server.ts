/** A simulated OpenAI-compatible server: correct by itself, and as faulty as its habits make it. */
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { answerGeneration } from './generate.ts';
import type { Habits, ServerState } from './habits.ts';
import { modelList } from './model-list.ts';
import { errorBody, sendPlain } from './plain-answer.ts';
import { type Api, isJson } from './request.ts';

export interface RequestRecord {
  method: string;
  path: string;
  headers: IncomingHttpHeaders;
  body: string;
}

export interface RunningServer {
  url: string;
  requests: RequestRecord[];
  state: ServerState;
  close(): Promise<void>;
}

const GENERATION_PATHS: Record<string, Api> = {
  '/v1/chat/completions': 'chat',
  '/v1/completions': 'completions',
};

async function readBody(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts).toString();
}

interface Host {
  habits: Habits;
  state: ServerState;
  requests: RequestRecord[];
}

async function handle(request: IncomingMessage, response: ServerResponse, host: Host): Promise<void> {
  const { habits, state, requests } = host;
  const path = (request.url ?? '/').split('?')[0] ?? '/';
  const text = await readBody(request);
  requests.push({ method: request.method ?? '', path, headers: request.headers, body: text });
  const stopped = habits.atDoor?.(path, state);
  if (stopped) return sendPlain(response, stopped);
  if (path === '/v1/models' && request.method === 'GET') {
    const list = modelList(habits);
    const plain = habits.models?.(list) ?? { status: 200, body: JSON.stringify(list) };
    return sendPlain(response, plain);
  }
  const api = GENERATION_PATHS[path];
  if (api === undefined) {
    const plain = habits.elsewhere?.(path, text) ?? { status: 404, body: errorBody(`Not found: ${path}`) };
    return sendPlain(response, plain);
  }
  if (request.method !== 'POST')
    return sendPlain(response, { status: 405, body: errorBody('Method not allowed') });
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    body = undefined;
  }
  if (!isJson(body)) {
    const refusal = { status: 400, body: errorBody('We could not parse the JSON body of your request.') };
    return sendPlain(response, habits.onMalformed?.(api, state) ?? refusal);
  }
  await answerGeneration(api, body, request, response, habits, state);
}

export async function startServer(habits: Habits = {}): Promise<RunningServer> {
  const requests: RequestRecord[] = [];
  const state: ServerState = {
    requests: 0,
    inFlight: 0,
    aborted: 0,
    memory: new Map(),
    die() {
      server.close();
      server.closeAllConnections();
    },
  };
  const server = createServer((request, response) => {
    response.on('error', () => {});
    handle(request, response, { habits, state, requests }).catch(() => response.destroy());
  });
  server.keepAliveTimeout = 30_000;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    state,
    close: () =>
      new Promise((resolve) => {
        if (!server.listening) return resolve();
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
