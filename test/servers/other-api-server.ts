/** A correct server of an API that is not OpenAI's: it listens, reads requests, and leaves the answer to its API. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Answer, answer } from './answer.ts';
import { MODEL } from './generation.ts';
import { CONTEXT_LENGTH, modelList } from './model-list.ts';
import { type Generation, isJson, type Json, Refused } from './request.ts';

export { MODEL };

/** What an API makes of a request and of its answer. */
export interface Speech {
  readonly path: string;
  /** @throws Refused */
  read(body: Json): Generation;
  refusal(message: string): string;
  stream(response: ServerResponse, generation: Generation, made: Answer): void;
  whole(generation: Generation, made: Answer): Json;
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts).toString();
}

async function handle(
  speech: Speech,
  request: IncomingMessage,
  response: ServerResponse,
  requestNumber: number,
): Promise<void> {
  const send = (status: number, body: string) => {
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(body);
  };
  const text = await bodyOf(request);
  if (request.url === '/v1/models') return send(200, JSON.stringify(modelList({})));
  if (request.url !== speech.path) return send(404, speech.refusal('no such path'));
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    return send(400, speech.refusal('the body is no JSON'));
  }
  if (!isJson(body) || body.model !== MODEL) return send(400, speech.refusal('the request is not valid'));
  try {
    const generation = speech.read(body);
    const prompt = generation.promptTokens.reduce((sum, tokens) => sum + tokens, 0);
    if (prompt + generation.limit > CONTEXT_LENGTH)
      return send(400, speech.refusal(`the prompt is too long: ${prompt} of ${CONTEXT_LENGTH} tokens`));
    const made = answer(generation, requestNumber, { contextLength: CONTEXT_LENGTH });
    if (generation.mode === 'stream') speech.stream(response, generation, made);
    else send(200, JSON.stringify(speech.whole(generation, made)));
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    send(error.refusal.status, speech.refusal(error.refusal.message));
  }
}

export async function startOther(
  speech: Speech,
): Promise<{ readonly url: string; readonly close: () => Promise<void> }> {
  let requests = 0;
  const server = createServer((request, response) => {
    response.on('error', () => {});
    requests += 1;
    handle(speech, request, response, requests).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
