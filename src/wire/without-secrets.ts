/** Takes what an expression finds out of a text, also where it is written with escapes. Pure. */
import { placesOf, unescaped } from './escapes.ts';

/** JSON within JSON within JSON, and percent-encoding of percent-encoding. */
const MOST_LAYERS = 4;
/** Characters whose escapes are undone at a time, and how many of them are looked at again with those that follow. */
const WINDOW = 256 * 1024;
const OVERLAP = 32 * 1024;

interface Span {
  readonly start: number;
  readonly end: number;
}

/** @param pattern global; each run of matches becomes one mark */
export function withoutSecrets(text: string, pattern: RegExp, mark: string): string {
  const spans = [...spansOf(text, pattern), ...escapedSpans(text, pattern)];
  if (spans.length === 0) return text;
  let safe = '';
  let end = -1;
  for (const span of spans.sort((a, b) => a.start - b.start)) {
    if (span.start >= end) safe += text.slice(Math.max(0, end), span.start) + mark;
    end = Math.max(end, span.end);
  }
  return safe + text.slice(end);
}

/** All matches, those that overlap included. */
function spansOf(text: string, pattern: RegExp): readonly Span[] {
  const spans: Span[] = [];
  pattern.lastIndex = 0;
  for (let match = pattern.exec(text); match !== null; match = pattern.exec(text)) {
    const { index } = match;
    const last = spans.at(-1);
    const end = index + match[0].length;
    // What runs into the one before is one with it: a text of nothing but keys makes one span.
    if (last !== undefined && index < last.end)
      spans[spans.length - 1] = { start: last.start, end: Math.max(end, last.end) };
    else spans.push({ start: index, end });
    pattern.lastIndex = index + 1;
  }
  return spans;
}

function escapedSpans(text: string, pattern: RegExp): readonly Span[] {
  if (!/[\\%&]/.test(text)) return [];
  const spans: Span[] = [];
  for (let from = 0; from < text.length; from += WINDOW) {
    const window = text.slice(from, from + WINDOW + OVERLAP);
    for (const { start, end } of spansInLayers(window, pattern))
      spans.push({ start: from + start, end: from + end });
  }
  return spans;
}

/** What is found once the escapes are undone, undone again, and so on; by its place in the text given. */
function spansInLayers(text: string, pattern: RegExp): readonly Span[] {
  const found: Span[] = [];
  const layers = [text];
  const maps: Uint32Array[] = [];
  for (let layer = 1; layer <= MOST_LAYERS; layer += 1) {
    const above = layers[layer - 1] ?? '';
    const plain = unescaped(above);
    if (plain === above) break;
    layers.push(plain);
    const spans = spansOf(plain, pattern);
    if (spans.length === 0) continue;
    while (maps.length < layer) maps.push(placesOf(layers[maps.length] ?? ''));
    const place = (at: number) => maps.reduceRight((here, map) => map[here] ?? 0, at);
    for (const { start, end } of spans) found.push({ start: place(start), end: place(end) });
  }
  return found;
}
