/** Recorded answers of real servers as evidence. */
import { existsSync, readFileSync } from 'node:fs';
import { isJsonObject, type JsonObject, parseJson } from '../../src/model/json.ts';
import type { Looked, ServerEvidence } from '../../src/products/product.ts';

const FOLDER = new URL('../../fixtures/identify/', import.meta.url);

/** ServerEvidence out of a folder of recordings, with the paths that were looked at. */
export interface RecordedEvidence extends ServerEvidence {
  readonly lookedAt: string[];
}

/** One recorded answer; null where there is none. */
export function recordedAnswer(server: string, name: string): Looked | null {
  const file = new URL(`${server}/${name}.raw`, FOLDER);
  if (!existsSync(file)) return null;
  const raw = readFileSync(file, 'utf8');
  const end = raw.indexOf('\r\n\r\n');
  const [status = '', ...lines] = raw.slice(0, end).split('\r\n');
  const text = raw.slice(end + 4);
  return {
    status: Number(status.split(' ')[1]),
    headers: Object.fromEntries(lines.map(headerLine)),
    json: parseJson(text),
    text,
  };
}

function headerLine(line: string): [string, string] {
  const colon = line.indexOf(':');
  return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
}

/** Everything a recorded server says; other paths answer 404. */
export function recordedEvidence(server: string): RecordedEvidence {
  const list = recordedAnswer(server, 'models');
  const chat = recordedAnswer(server, 'chat');
  const models = isJsonObject(list?.json) ? list.json : null;
  const fingerprint = isJsonObject(chat?.json) ? chat.json.system_fingerprint : null;
  const lookedAt: string[] = [];
  return {
    headers: { ...list?.headers, ...chat?.headers },
    models,
    model: firstModel(models),
    fingerprint: typeof fingerprint === 'string' ? fingerprint : null,
    lookedAt,
    async look(path) {
      lookedAt.push(path);
      const name = path === '/' ? 'root' : path.slice(1).replaceAll('/', '-');
      return recordedAnswer(server, name) ?? { status: 404, headers: {}, json: undefined, text: 'Not Found' };
    },
  };
}

function firstModel(models: JsonObject | null): JsonObject | null {
  const first: unknown = Array.isArray(models?.data) ? models.data[0] : null;
  return isJsonObject(first) ? first : null;
}

/** ServerEvidence that says nothing, with what is given laid over it. */
export function evidenceOf(
  said: Partial<ServerEvidence>,
  answers: Record<string, unknown> = {},
): RecordedEvidence {
  const lookedAt: string[] = [];
  return {
    headers: {},
    models: null,
    model: null,
    fingerprint: null,
    lookedAt,
    async look(path) {
      lookedAt.push(path);
      if (!Object.hasOwn(answers, path)) return null;
      const json = answers[path];
      return { status: 200, headers: {}, json, text: typeof json === 'string' ? json : JSON.stringify(json) };
    },
    ...said,
  };
}
