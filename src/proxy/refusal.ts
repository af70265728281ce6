import type { ServerResponse } from 'node:http';

/** What the proxy answers itself, where there is no answer to pass on. */
export type Refusal = 'unreachable' | 'silent' | 'draining';

const ANSWERS: Readonly<Record<Refusal, { readonly status: number; readonly message: string }>> = {
  unreachable: { status: 502, message: 'the server behind this proxy could not be reached' },
  silent: { status: 504, message: 'the server behind this proxy did not answer in time' },
  draining: { status: 503, message: 'this proxy is shutting down' },
};

export const statusOf = (refusal: Refusal): number => ANSWERS[refusal].status;

export function refusalBody(refusal: Refusal): string {
  return JSON.stringify({ error: { message: ANSWERS[refusal].message, type: 'lastchunk_proxy' } });
}

export function refuse(response: ServerResponse, refusal: Refusal): void {
  const body = refusalBody(refusal);
  response.writeHead(statusOf(refusal), {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
  });
  response.end(body);
}
