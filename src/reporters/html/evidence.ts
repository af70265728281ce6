/** What a case was answered with: frames along the time, and the request that repeats it, both to be copied. */
import type { Result } from '../../model/report.ts';
import { type Html, html } from './template.ts';
import { timeline } from './timeline.ts';

/** Frames and request of a result; nothing where it has none. */
export function evidenceHtml({ evidence }: Pick<Result, 'evidence'>): Html | false {
  if (evidence === undefined) return false;
  const { curl } = evidence;
  return html`<div class="evidence">${timeline(evidence)}
<p class="buttons">${evidence.frames.length > 0 && copyButton('frames', 'Copy frames')}${curl !== '' && copyButton('curl', 'Copy request')}</p>
${curl && html`<h4>Request</h4><pre class="curl" tabindex="0" aria-label="Command line that repeats the request"><code>${curl}</code></pre>`}</div>`;
}

/** Shown where a script can copy. @param what the class of what is copied, in the same section */
export function copyButton(what: 'frames' | 'curl' | 'ticket', label: string): Html {
  return html`<button type="button" class="copy" data-copies="${what}" hidden>${label}</button> `;
}
