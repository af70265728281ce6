/** The port for those who run the proxy. It asks nothing of the target: to some servers any request is a disturbance. */
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Metrics } from './metrics.ts';
import { listening } from './server.ts';

export interface AdminOptions {
  readonly host: string;
  readonly port: number;
  readonly metrics: Metrics;
  isDraining(): boolean;
}

export interface Admin {
  readonly port: number;
  close(): void;
}

/** @throws what `listen` throws, where the port can't be used */
export async function startAdmin({ host, port, metrics, isDraining }: AdminOptions): Promise<Admin> {
  const answer = async (path: string, response: ServerResponse): Promise<void> => {
    if (path === '/healthz') return plain(response, 200, 'ok');
    if (path === '/readyz')
      return isDraining() ? plain(response, 503, 'draining') : plain(response, 200, 'ok');
    if (path === '/metrics') return plain(response, 200, await metrics.text(), metrics.contentType);
    plain(response, 404, 'not found');
  };
  const server: Server = createServer((request, response) => {
    answer(request.url?.split('?', 1)[0] ?? '', response).catch(() => response.destroy());
  });
  await listening(server, port, host);
  return {
    port: (server.address() as AddressInfo).port,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

function plain(
  response: ServerResponse,
  status: number,
  text: string,
  type = 'text/plain; charset=utf-8',
): void {
  const body = text.endsWith('\n') ? text : `${text}\n`;
  response.writeHead(status, { 'content-type': type, 'content-length': Buffer.byteLength(body) });
  response.end(body);
}
