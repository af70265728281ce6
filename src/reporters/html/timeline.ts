/** The frames of one answer: drawn along a line of time, and listed with what they held. */

import type { ShownFrame } from '../../model/report.ts';
import { type Html, html } from './template.ts';

const width = 720;
const margin = 16;
/** Numbers closer together than this are put on rows of their own. */
const numberWidth = 16;
const rowHeight = 14;
const rows = 3;
const axisY = rows * rowHeight + 14;

/** A timeline with numbered marks, and the same frames as a table. */
export function timeline(frames: readonly ShownFrame[]): readonly Html[] {
  if (frames.length === 0) return [];
  return [drawing(frames), frameTable(frames)];
}

function drawing(frames: readonly ShownFrame[]): Html {
  const end = Math.max(1, ...frames.map((frame) => frame.at));
  const x = (at: number) => Math.round((margin + (Math.max(0, at) / end) * (width - 2 * margin)) * 10) / 10;
  const lastInRow: number[] = [];
  const marks = frames.map((frame, i) => {
    const at = x(frame.at);
    const free = Array.from({ length: rows }, (_, row) => row).find(
      (row) => at - (lastInRow[row] ?? -99) >= numberWidth,
    );
    const row = free ?? rows - 1;
    lastInRow[row] = at;
    const y = axisY - 14 - row * rowHeight;
    return html`<g><title>${i + 1}: ${Math.round(frame.at)} ms</title><line class="tick" x1="${at}" x2="${at}" y1="${y + 3}" y2="${axisY}"/><text x="${at + 3}" y="${y + 4}">${i + 1}</text></g>`;
  });
  const label = `${frames.length} frames on a line of time, from the request at 0 ms to ${Math.round(end)} ms`;
  return html`<svg class="timeline" viewBox="0 0 ${width} ${axisY + 18}" role="img" aria-label="${label}">
<line class="axis" x1="${margin}" x2="${width - margin}" y1="${axisY}" y2="${axisY}"/>${marks}
<text x="${margin}" y="${axisY + 14}">0 ms, request sent</text>
<text x="${width - margin}" y="${axisY + 14}" text-anchor="end">${Math.round(end)} ms</text></svg>`;
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
