import { readFileSync } from 'node:fs';
import { apiOf } from '../../src/apis/index.ts';
import type { Api } from '../../src/model/api.ts';
import type { Exchange } from '../../src/model/exchange.ts';
import { isJsonObject, parseJson } from '../../src/model/json.ts';
import { BodyReader } from '../../src/wire/body.ts';

const FIXTURES = new URL('../../fixtures/', import.meta.url);

/** One answer as `curl -i` saved it, folded as a live one is. @param path below fixtures/captures, without an ending */
export function captured(path: string, api: Api = apiOf('chat')): Exchange {
  const raw = readFileSync(new URL(`captures/${path}.raw`, FIXTURES));
  const end = raw.indexOf('\r\n\r\n');
  const head = raw.subarray(0, end).toString();
  const body: unknown = parseJson(readFileSync(new URL(`captures/${path}.request.json`, FIXTURES), 'utf8'));
  const status = Number(/^HTTP\S+ (\d+)/.exec(head)?.[1]);
  const contentType = /^content-type: *(.*?)\r?$/im.exec(head)?.[1] ?? '';
  const request = isJsonObject(body) ? body : null;
  const streamAsked = status < 300 && (api.readRequest(request ?? {}).stream ?? false);
  const reader = new BodyReader({ api, request, contentType, streamAsked });
  reader.push(raw.subarray(end + 4), 1);
  return {
    request: {
      method: 'POST',
      url: `http://captured/v1${api.endpoint.path}`,
      body: request,
    },
    reply: {
      kind: 'response',
      status,
      contentType,
      headers: {},
      headMs: 1,
      totalMs: 2,
      body: reader.finish({ kind: 'clean' }, 2),
    },
    curl: '',
  };
}
