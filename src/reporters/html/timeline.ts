/** The frames of one answer: drawn along a line of time, and listed with what they held. */

import type { ShownFrame } from '../../model/report.ts';
import { type Html, html } from './template.ts';

const WIDTH = 720;
const MARGIN = 16;
/** Numbers closer together than this are put on rows of their own. */
const NUMBER_WIDTH = 16;
const ROW_HEIGHT = 14;
const ROWS = 3;
const axisY = ROWS * ROW_HEIGHT + 14;

/** A timeline with numbered marks, and the same frames as a table. */
export function timeline(frames: readonly ShownFrame[]): readonly Html[] {
  if (frames.length === 0) return [];
  return [drawing(frames), frameTable(frames)];
}

function drawing(frames: readonly ShownFrame[]): Html {
  const end = Math.max(1, ...frames.map((frame) => frame.at));
  const x = (at: number) => Math.round((MARGIN + (Math.max(0, at) / end) * (WIDTH - 2 * MARGIN)) * 10) / 10;
  const lastInRow: number[] = [];
  const marks = frames.map((frame, i) => {
    const at = x(frame.at);
    const free = Array.from({ length: ROWS }, (_, row) => row).find(
      (row) => at - (lastInRow[row] ?? -99) >= NUMBER_WIDTH,
    );
    const row = free ?? ROWS - 1;
    lastInRow[row] = at;
    const y = axisY - 14 - row * ROW_HEIGHT;
    return html`<g><title>${i + 1}: ${Math.round(frame.at)} ms</title><line class="tick" x1="${at}" x2="${at}" y1="${y + 3}" y2="${axisY}"/><text x="${at + 3}" y="${y + 4}">${i + 1}</text></g>`;
  });
  const label = `${frames.length} frames on a line of time, from the request at 0 ms to ${Math.round(end)} ms`;
  return html`<svg class="timeline" viewBox="0 0 ${WIDTH} ${axisY + 18}" role="img" aria-label="${label}">
<line class="axis" x1="${MARGIN}" x2="${WIDTH - MARGIN}" y1="${axisY}" y2="${axisY}"/>${marks}
<text x="${MARGIN}" y="${axisY + 14}">0 ms, request sent</text>
<text x="${WIDTH - MARGIN}" y="${axisY + 14}" text-anchor="end">${Math.round(end)} ms</text></svg>`;
}

function frameTable(frames: readonly ShownFrame[]): Html {
  const lines = frames.map(
    (frame, i) =>
      html`<tr><th scope="row">${i + 1}</th><td class="number">${Math.round(frame.at)}</td><td>${frame.event && html`<b>${frame.event}</b> `}<code>${frame.data}</code></td></tr>`,
  );
  return html`<div class="scroll" role="group" aria-label="Frames" tabindex="0"><table class="frames">
<thead><tr><th scope="col">#</th><th scope="col">ms</th><th scope="col">data as received</th></tr></thead>
<tbody>${lines}</tbody></table></div>`;
}
