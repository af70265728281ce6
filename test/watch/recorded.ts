import { readdirSync, readFileSync } from 'node:fs';
import { chat } from '../../src/apis/chat.ts';
import { completions } from '../../src/apis/completions.ts';
import type { Api } from '../../src/model/api.ts';
import { isJsonObject, type JsonObject, parseJson } from '../../src/model/json.ts';
import { readRecording } from '../../src/recordings/recording.ts';

const FIXTURES = new URL('../../fixtures/', import.meta.url);

/** One answer of a real server to a request of OpenAI's APIs, as bytes. */
export interface RecordedAnswer {
  readonly name: string;
  readonly api: Api;
  readonly request: JsonObject;
  readonly status: number;
  readonly contentType: string;
  readonly clean: boolean;
  readonly bytes: Uint8Array;
}

const apiBy = (path: string): Api | undefined =>
  [chat, completions].find(({ endpoint }) => path.endsWith(`/v1${endpoint.path}`));

/** All answers in fixtures/recordings. */
export function recordedAnswers(): readonly RecordedAnswer[] {
  return readdirSync(new URL('recordings/', FIXTURES)).flatMap((folder) =>
    readRecording(new URL(`recordings/${folder}`, FIXTURES).pathname).exchanges.flatMap(
      ({ path, body, reply }, at) => {
        const api = apiBy(path);
        if (api === undefined || reply.status === undefined || !isJsonObject(body)) return [];
        const pieces = reply.pieces.map(([, piece]) =>
          typeof piece === 'string' ? Buffer.from(piece) : Buffer.from(piece.base64, 'base64'),
        );
        return {
          name: `${folder} ${at}`,
          api,
          request: body,
          status: reply.status,
          contentType: reply.headers?.['content-type'] ?? '',
          clean: reply.end === 'clean',
          bytes: Buffer.concat(pieces),
        };
      },
    ),
  );
}

/** All answers in fixtures/captures. */
export function capturedAnswers(): readonly RecordedAnswer[] {
  const folder = new URL('captures/', FIXTURES);
  return readdirSync(folder).flatMap((server) =>
    readdirSync(new URL(`${server}/`, folder))
      .filter((file) => /^(?:chat|compl)-.*\.raw$/.test(file))
      .map((file) => {
        const raw = readFileSync(new URL(`${server}/${file}`, folder));
        const end = raw.indexOf('\r\n\r\n');
        const head = raw.subarray(0, end).toString();
        const body = parseJson(
          readFileSync(new URL(`${server}/${file.replace(/raw$/, 'request.json')}`, folder), 'utf8'),
        );
        return {
          name: `${server} ${file}`,
          api: file.startsWith('chat') ? chat : completions,
          request: isJsonObject(body) ? body : {},
          status: Number(/^HTTP\S+ (\d+)/.exec(head)?.[1]),
          contentType: /^content-type: *(.*?)\r?$/im.exec(head)?.[1] ?? '',
          clean: true,
          bytes: raw.subarray(end + 4),
        };
      }),
  );
}
