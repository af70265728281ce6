/** Answers that are no generation: errors, lists, pages, silence. */
import type { ServerResponse } from 'node:http';
import type { PlainAnswer } from './habits.ts';

export function errorBody(message: string, param: string | null = null, code: string | null = null): string {
  return JSON.stringify({ error: { message, type: 'invalid_request_error', param, code } });
}

export function sendPlain(response: ServerResponse, plain: PlainAnswer | 'hang' | 'close'): void {
  if (plain === 'hang') return;
  if (plain === 'close') {
    response.socket?.destroy();
    return;
  }
  response.writeHead(plain.status, { 'content-type': 'application/json', ...plain.headers });
  if (plain.cut) response.write(plain.body ?? '', () => response.destroy());
  else response.end(plain.body ?? '');
}
