import { chat } from '../../src/apis/chat.ts';
import { mistypedAmong } from '../../src/apis/mistyped.ts';
import type { Api, ChoicePart, Chunk, Whole } from '../../src/model/api.ts';
import { isJsonObject, type JsonObject } from '../../src/model/json.ts';
import { errorIn } from '../../src/model/stated-error.ts';

function part(value: unknown): ChoicePart {
  const choice = isJsonObject(value) ? value : {};
  const { i, text, reasoning, tool, finish, ids, logprobs } = choice;
  return {
    index: typeof i === 'number' ? i : undefined,
    text: typeof text === 'string' ? text : '',
    reasoning: typeof reasoning === 'string' ? reasoning : '',
    toolCalls: typeof tool === 'string' ? tool : '',
    finish: finish ?? null,
    tokenIds: typeof ids === 'number' ? ids : null,
    logprobs: typeof logprobs === 'number' ? logprobs : 0,
    mistyped: mistypedAmong([['text', text]]),
  };
}

function read(value: JsonObject): Chunk & Whole {
  const { usage, choices } = value;
  return {
    usage:
      usage === undefined
        ? { kind: 'absent' }
        : usage === null
          ? { kind: 'null' }
          : { kind: 'value', value: usage },
    choices:
      choices === undefined
        ? 'absent'
        : choices === null
          ? 'null'
          : Array.isArray(choices)
            ? choices.map(part)
            : 'not-a-list',
    envelope: { id: value.id, object: value.object, created: value.created, model: value.model },
    error: errorIn(value),
    ends: value.done === true,
    fingerprint: null,
  };
}

/** An API with short names: `{"choices":[{"i":0,"text":"…","finish":"stop"}],"usage":{"p":1,"c":2,"t":3}}`. */
export const tinyApi: Api = {
  ...chat,
  title: 'tiny',
  openStream: () => ({ read }),
  readWhole: (value) => read(isJsonObject(value) ? value : {}),
  readUsage: (usage) => {
    const { p, c, t, d } = isJsonObject(usage) ? usage : {};
    const details = isJsonObject(d) ? Object.entries(d) : [];
    const required = [['p', p] as const, ['c', c] as const, ['t', t] as const];
    return { prompt: p, completion: c, total: t, cached: undefined, reasoning: undefined, details, required };
  },
};

/** The same over JSON lines, ended by `{"done":true}`. */
export const tinyLinesApi: Api = { ...tinyApi, framing: 'ndjson', endMarker: null };

export function text(content: string, index = 0): string {
  return JSON.stringify({ id: 'x', choices: [{ i: index, text: content }] });
}

export function finish(reason: string, index = 0): string {
  return JSON.stringify({ id: 'x', choices: [{ i: index, finish: reason }] });
}

export function usage(p: number, c: number): string {
  return JSON.stringify({ id: 'x', choices: [], usage: { p, c, t: p + c } });
}

/** Server-sent events of these data. */
export function sse(...data: string[]): string {
  return data.map((each) => `data: ${each}\n\n`).join('');
}

export const GOOD = [text('Hel'), text('lo'), finish('stop'), usage(3, 2), '[DONE]'];
