/** Sorts a reply by what it says about the request: answered, refused, failed, or not to be judged. */
import type { Api, Mode } from './api.ts';
import type { AnswerFacts, Ending, Exchange, StreamFacts } from './exchange.ts';
import type { ClassOf } from './finding.ts';
import { isJsonObject, parseJson } from './json.ts';
import { errorIn, reasonOf, type StatedError } from './stated-error.ts';

export type Outcome =
  | { readonly kind: 'stream'; readonly stream: StreamFacts; readonly ending: Ending }
  | { readonly kind: 'whole'; readonly answer: AnswerFacts }
  /** A 4xx that says why. `status` tells an absent API (404, 405, 501) and a forbidden one (403). */
  | { readonly kind: 'refused'; readonly status: number; readonly reason: string }
  /** Not an answer of the kind asked for, and nothing that excuses it. */
  | ({ readonly kind: 'failed'; readonly status: number | null } & Failure)
  | { readonly kind: 'unjudged'; readonly reason: string; readonly status: number | null };

/** How a reply fails that is no answer of the kind asked for; `http-*`: by that status. In band: inside a 2xx. */
export const failureClasses = [
  'dropped',
  'empty',
  'cut-off',
  'unreadable',
  'stream',
  'whole',
  'no-choices',
  'foreign',
  'http-*',
  'http-*-in-band',
  'error-in-band',
] as const;

interface Failure {
  readonly class: ClassOf<(typeof failureClasses)[number]>;
  /** What there is to say besides; for a status what the server said, empty where it said nothing. */
  readonly detail: string;
}

/** True for an answer of the kind asked for. */
export const isAnswer = ({ kind }: Outcome): boolean => kind === 'stream' || kind === 'whole';

/** An error inside a 2xx, before anything was delivered: it is the answer. null where there is none. */
export function errorInBand({ reply }: Exchange): StatedError | null {
  if (reply.kind !== 'response' || reply.status < 200 || reply.status >= 300) return null;
  const { body } = reply;
  if (body.kind === 'stream') return body.stream.error?.delivered === false ? body.stream.error : null;
  if (body.kind !== 'json' || !isJsonObject(body.value)) return null;
  return (body.answer.choices ?? []).length === 0 ? errorIn(body.value) : null;
}

/** The status that an answer is judged by: an error in band counts by its code, one without a code as a 5xx; 0: no response. */
export function statusOf(exchange: Exchange): number {
  const { reply } = exchange;
  if (reply.kind !== 'response') return 0;
  const error = errorInBand(exchange);
  return error === null ? reply.status : (error.status ?? 500);
}

/**
 * The reason a server gives in an error body, on one line; null where it gives none (an empty body, an HTML page).
 * Knows `{error:{message}}`, `{error:"…"}`, `{message}`, `{detail}` and plain text.
 */
export function refusalReason(exchange: Exchange): string | null {
  if (exchange.reply.kind !== 'response') return null;
  const { body } = exchange.reply;
  if (body.kind === 'stream') return oneLine(body.stream.error?.message ?? '');
  if (body.kind === 'json') return oneLine(reasonOf(body.value) ?? '');
  if (body.kind === 'text') {
    const text = body.text.trim();
    return text === '' || text.startsWith('<') ? null : oneLine(text);
  }
  return null;
}

function oneLine(text: string): string | null {
  const line = text.replace(/\s+/g, ' ').trim().slice(0, 400);
  return line === '' ? null : line;
}

const MODEL_MISSING =
  /not\s+found|does\s*n.t\s+exist|not\s+exist|unknown|no\s+such|not\s+loaded|not\s+available|unavailable|not\s+served|invalid\s+model|not\s+a\s+valid\s+model|no\s+access|not\s+have\s+access|could\s+not\s+find|cannot\s+find/i;

/** LiteLLM adds the model's name to each error of the server behind it (1.74.3, 1.108.0). */
const GATEWAY_TAIL = /\bReceived Model Group=.*$|\bLiteLLM: model group .*$/s;

/** A 404 or 400 about the model's name is the caller's mistake, not the server's fault. */
function namesModel(status: number, reason: string, model: string | null): boolean {
  if (status !== 404 && status !== 400) return false;
  const said = reason.replace(GATEWAY_TAIL, '');
  const named = model !== null && model !== '' && said.includes(model);
  const speaks = /\bmodels?\b/i.test(said);
  return MODEL_MISSING.test(said) && (named || speaks);
}

const MOST_LINES = 16;
const STREAMS = { sse: 'event stream', ndjson: 'lines of JSON' } as const;

/** By its first two lines that are not blank: an object, and another or the end marker. */
function isJsonLines(text: string, endMarker: string | null): boolean {
  const lines = text.split(/[\r\n]+/, MOST_LINES).filter((line) => line.trim() !== '');
  const [first = '', second = ''] = lines;
  const isObject = (line: string) => isJsonObject(parseJson(line));
  return isObject(first) && (isObject(second) || second.trim() === endMarker);
}

/** How an answer fails that is not of the kind asked for; null where it is. */
function wrongKind({ reply }: Exchange, { terms, framing, endMarker }: Api, mode: Mode): Failure | null {
  if (reply.kind !== 'response') return null;
  const { body, contentType } = reply;
  const cut = (message: string): Failure => ({
    class: 'cut-off',
    detail: `the body's end lacks (${message})`,
  });
  switch (body.kind) {
    case 'empty':
      if (body.ending.kind === 'cut')
        return { class: 'cut-off', detail: `nothing of the body could be read (${body.ending.message})` };
      return { class: 'empty', detail: 'a 200 without a body' };
    case 'text': {
      if (body.ending.kind === 'cut') return cut(body.ending.message);
      const type = contentType || 'no content type';
      if (isJsonLines(body.text, endMarker)) {
        const instead = mode === 'stream' ? 'without `data:`' : 'instead of one JSON body';
        return { class: 'unreadable', detail: `JSON lines ${instead} (${type})` };
      }
      const wanted = mode === 'stream' ? STREAMS[framing] : 'JSON';
      return { class: 'unreadable', detail: `the body is no ${wanted} (${type})` };
    }
    case 'stream':
      if (mode === 'nonstream') {
        const came = framing === 'sse' ? '`data:` lines' : STREAMS.ndjson;
        return { class: 'stream', detail: `${came} though stream was not asked for` };
      }
      if (body.stream.foreign !== null) return { class: 'foreign', detail: body.stream.foreign };
      if (body.stream.events > 0 || body.stream.error !== null) return null;
      return { class: 'empty', detail: 'a stream without any event' };
    case 'json':
      if (mode === 'stream') return { class: 'whole', detail: 'one JSON body though a stream was asked for' };
      if (body.ending.kind === 'cut') return cut(body.ending.message);
      if (body.answer.choices !== null) return null;
      return { class: 'no-choices', detail: `a 200 JSON body without ${terms.whole}` };
  }
}

/** @param model the model's name as sent, to tell a refusal of the model from one of the request. */
export function outcomeOf(exchange: Exchange, api: Api, mode: Mode, model: string | null): Outcome {
  const { reply } = exchange;
  switch (reply.kind) {
    case 'unreachable':
    case 'unsent':
    case 'silent':
      return { kind: 'unjudged', reason: reply.message, status: null };
    case 'dropped':
      return {
        kind: 'failed',
        status: null,
        class: 'dropped',
        detail: `the connection was closed without an answer (${reply.message})`,
      };
    case 'response':
      break;
  }
  const { status, body } = reply;
  if (body.ending.kind === 'stopped') return { kind: 'unjudged', reason: body.ending.message, status };
  const error = errorInBand(exchange);
  if (error !== null) {
    const reason = oneLine(error.message) ?? 'no reason given';
    if (error.status !== null) return byStatus(error.status, reason, model, ' in band');
    return { kind: 'failed', status, class: 'error-in-band', detail: reason };
  }
  if (status >= 200 && status < 300) {
    const wrong = wrongKind(exchange, api, mode);
    if (wrong !== null) return { kind: 'failed', status, ...wrong };
    if (body.kind === 'stream') return { kind: 'stream', stream: body.stream, ending: body.ending };
    if (body.kind === 'json') return { kind: 'whole', answer: body.answer };
  }
  return byStatus(status, refusalReason(exchange), model);
}

/** @param where the status was said, where it is not that of the response */
function byStatus(
  status: number,
  reason: string | null,
  model: string | null,
  where: '' | ' in band' = '',
): Outcome {
  const told = reason === null ? '' : `: ${reason}`;
  if (status === 401) return { kind: 'unjudged', reason: `401 unauthorized${where}${told}`, status };
  if (status === 429) return { kind: 'unjudged', reason: `429 rate limited${where}${told}`, status };
  if (status === 403) return { kind: 'refused', status, reason: reason ?? '403 forbidden' };
  if (reason !== null && namesModel(status, reason, model)) {
    return { kind: 'unjudged', reason: `${status}, the model is not known: ${reason}`, status };
  }
  if (status === 404 || status === 405 || status === 501)
    return { kind: 'refused', status, reason: reason ?? `HTTP ${status}` };
  if (status >= 400 && status < 500 && reason !== null) return { kind: 'refused', status, reason };
  const failure = where === '' ? (`http-${status}` as const) : (`http-${status}-in-band` as const);
  return { kind: 'failed', status, class: failure, detail: reason ?? '' };
}
