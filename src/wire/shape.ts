import type { Api } from '../model/api.ts';
import { excessOf } from '../text/json-extent.ts';
import { parseObject } from './read-chunk.ts';

/** What a body is by its first lines: events, or one whole thing (JSON, text). */
export type Shape = 'stream' | 'whole';

const MAX_LINES = 32;
const MAX_CHARS = 64 * 1024;

/**
 * Decides from the text so far; null: not yet. A line `data:` or `event:` cannot stand in JSON (its strings hold no line
 * break, its keys are quoted), so the first lines are looked through, not the very first only: a stream may begin with
 * comments, an `id:`, or a line that is wrong.
 */
export function sseShape(text: string): Shape | null {
  let lines = 0;
  for (let start = 0; start < text.length; lines += 1) {
    // Judged by where the line starts, so that it does not matter in which pieces the text came.
    if (start > MAX_CHARS) return sseShapeAtEnd(text);
    const end = lineEnd(text, start);
    if (isSseLine(text, start, end === -1 ? text.length : end)) return 'stream';
    if (end === -1) return text.length > MAX_CHARS + 16 ? sseShapeAtEnd(text) : null;
    if (lines >= MAX_LINES && !hasSseTraces(text)) return 'whole';
    start = end + 1;
  }
  return null;
}

/** A body that ended undecided: comments, `id:` and `retry:` alone are an (empty) event stream. */
export function sseShapeAtEnd(text: string): Shape {
  return hasSseTraces(text) ? 'stream' : 'whole';
}

/** `error: …`, which only the content type tells from a text that begins so. */
export function hasErrorLine(text: string): boolean {
  return /^error:/m.test(text);
}

/**
 * The same for JSON lines: a first line that is a whole JSON object. One line alone is a stream only where one was asked
 * for: it may as well be a whole answer.
 */
export function ndjsonShape(text: string, streamAsked: boolean): Shape | null {
  const body = text.trimStart();
  const end = body.indexOf('\n');
  if (end === -1) return body.length > MAX_CHARS * 16 ? 'whole' : null;
  if (!isObjectLine(body.slice(0, end))) return 'whole';
  if (streamAsked) return 'stream';
  const rest = body.slice(end + 1).trimStart();
  if (rest === '') return null;
  return rest.startsWith('{') ? 'stream' : 'whole';
}

/** JSON lines that ended undecided: one object without a line break. */
export function ndjsonShapeAtEnd(text: string, streamAsked: boolean): Shape {
  return streamAsked && isObjectLine(text.trim()) ? 'stream' : 'whole';
}

/** A line that is too much to be parsed is one, for the framing to stop at. */
function isObjectLine(line: string): boolean {
  return excessOf(line) !== null || parseObject(line) !== null;
}

/** What a text is by itself, whatever was asked for: one object on one line is whole. */
export function shapeOf({ framing }: Api, text: string): Shape {
  return framing === 'sse'
    ? (sseShape(text) ?? sseShapeAtEnd(text))
    : (ndjsonShape(text, false) ?? ndjsonShapeAtEnd(text, false));
}

function lineEnd(text: string, start: number): number {
  const lf = text.indexOf('\n', start);
  const cr = text.indexOf('\r', start);
  if (lf === -1 || cr === -1) return Math.max(lf, cr);
  return Math.min(lf, cr);
}

/** `data:`, `event:`, a bare `data`, or `error: {`: text may begin with "error: …", but hardly with a brace after it. */
function isSseLine(text: string, start: number, end: number): boolean {
  if (text.startsWith('data:', start) || text.startsWith('event:', start)) return true;
  if (text.startsWith('data', start)) return end === start + 4 && end < text.length;
  return (
    text.startsWith('error:', start) &&
    text
      .slice(start + 6, start + 8)
      .trimStart()
      .startsWith('{')
  );
}

function hasSseTraces(text: string): boolean {
  const first = text.trimStart();
  return /^(?::|id:|retry:)/.test(first);
}
