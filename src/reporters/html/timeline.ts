/** The frames of one answer: drawn along a line of time, and listed with what they held. */

import type { Evidence, ShownFrame } from '../../model/report.ts';
import { type Html, html } from './template.ts';

/** Labels closer together than this, in percent of the width, are one: they must not overlap in a narrow window. */
const LABEL_WIDTH = 12;
/** Where the line begins and ends, in percent of the width. */
const [START, END] = [1, 99];

/** A line of time with all frames of the stream, the shown ones numbered; and the shown ones as a table. */
export function timeline({ frames, arrivals }: Evidence): readonly Html[] {
  if (frames.length === 0) return [];
  const times = arrivals?.times ?? [];
  return [drawing(frames, times, arrivals?.count ?? frames.length), frameTable(frames)];
}

function drawing(frames: readonly ShownFrame[], times: readonly number[], count: number): Html {
  const end = Math.max(1, ...times, ...frames.map(({ at }) => at));
  const begin = beginOf(times, end);
  const place = (at: number) => START + (Math.max(0, at - begin) / (end - begin)) * (END - START);
  const ticks = times.map((at) => `M${Math.round(place(at) * 10)} 0v10`).join('');
  const kept = frames.map(
    (frame, i) =>
      html`<line class="tick" x1="${percent(place(frame.at))}" x2="${percent(place(frame.at))}" y1="16" y2="36"><title>${numberOf(frame, i)}: ${Math.round(frame.at)} ms</title></line>`,
  );
  const labels = labelsOf(frames, place).map(
    ({ x, text }) => html`<text x="${percent(x)}" y="12" text-anchor="${anchorAt(x)}">${text}</text>`,
  );
  const drawn = times.length < count && times.length > 0 ? `, of which ${times.length} are drawn` : '';
  const from = begin === 0 ? '0 ms, request sent' : `${Math.round(begin)} ms, first frame`;
  const label = `${count} frames${drawn} on a line of time, from ${from}, to ${Math.round(end)} ms`;
  return html`<svg class="timeline" role="img" aria-label="${label}">
<svg x="0" y="26" width="100%" height="10" viewBox="0 0 1000 10" preserveAspectRatio="none"><path class="all" d="${ticks}"/></svg>
<line class="axis" x1="${percent(START)}" x2="${percent(END)}" y1="36" y2="36"/>${kept}${labels}
<text x="${percent(START)}" y="50">${from}</text>
<text x="${percent(END)}" y="50" text-anchor="end">${count} frames, ${Math.round(end)} ms</text></svg>`;
}

/** ms where the line begins: at the request, or at the first frame where nearly all of the line would be waiting for it. */
function beginOf([first = 0]: readonly number[], end: number): number {
  return first > end / 3 && first < end ? first : 0;
}

const percent = (value: number) => `${Math.round(value * 100) / 100}%`;

/** Text at the ends grows inwards. */
function anchorAt(x: number): string {
  if (x < LABEL_WIDTH) return 'start';
  return x > 100 - LABEL_WIDTH ? 'end' : 'middle';
}

/** Its place in the stream; of an answer that is none, its place in the list. */
const numberOf = ({ number }: ShownFrame, i: number) => number ?? i + 1;

/** `3`, and `17–19` where frames stand too close to be labelled one by one. */
function labelsOf(frames: readonly ShownFrame[], place: (at: number) => number) {
  const groups: { from: number; to: number; last: number; first: number }[] = [];
  frames.forEach((frame, i) => {
    const [x, number] = [place(frame.at), numberOf(frame, i)];
    const near = groups.at(-1);
    if (near !== undefined && x - near.first < LABEL_WIDTH) Object.assign(near, { to: number, last: x });
    else groups.push({ from: number, to: number, first: x, last: x });
  });
  return groups.map(({ from, to, first, last }) => ({
    x: (first + last) / 2,
    text: from === to ? String(from) : `${from}–${to}`,
  }));
}

function frameTable(frames: readonly ShownFrame[]): Html {
  const lines = frames.map(
    (frame, i) =>
      html`<tr><th scope="row">${numberOf(frame, i)}</th><td class="number">${Math.round(frame.at)}</td><td>${frame.event && html`<b>${frame.event}</b> `}<code>${frame.data}</code></td></tr>`,
  );
  return html`<div class="scroll" role="group" aria-label="Frames" tabindex="0"><table class="frames">
<thead><tr><th scope="col">#</th><th scope="col">ms</th><th scope="col">data as received</th></tr></thead>
<tbody>${lines}</tbody></table></div>`;
}
