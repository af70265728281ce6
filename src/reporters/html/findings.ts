/** Findings on the page: each one folds open to what was expected, what came and when, and how to see it again. */

import type { CheckWords, Report, Result } from '../../model/report.ts';
import { confirmation, type FindingGroup, type Share } from '../shared/findings.ts';
import { joinTitles } from '../shared/server-title.ts';
import { prose } from './prose.ts';
import { type Html, html } from './template.ts';
import { timeline } from './timeline.ts';

/** Results that a page shows with their frames; of more, the first few of each server and finding, the others by name. */
const MOST_SHOWN = 1000;
const MOST_OF_EACH = 8;

/** How many results of a server a finding of this page shows with their frames. */
export function shownOfEach(findings: readonly FindingGroup[]): number {
  const all = findings.flatMap(({ shares }) => shares.flatMap(({ results }) => results));
  return all.length > MOST_SHOWN ? MOST_OF_EACH : MOST_SHOWN;
}

/** One finding as a `<details>` with the id that the table links to. */
export function findingHtml(
  finding: FindingGroup,
  id: string,
  report: Report,
  words: CheckWords | undefined,
  most: number,
): Html {
  const { check, verdict, classWord, shares, lowered, baselined } = finding;
  const servers = shares.map((share) => report.servers.indexOf(share.server)).join(' ');
  const note = baselined ? 'known, in the baseline' : lowered ? 'accepted by the profile' : '';
  return html`<details class="item finding" id="${id}" data-verdict="${verdict}" data-servers="${servers}">
<summary><span class="badge ${verdict}">${verdict}</span> <code>${check}</code> <b>${classWord}</b>
 <span class="who">${joinTitles(shares.map((share) => share.title))}</span>${note && html` <i>${note}</i>`}</summary>
<div class="body">${facts(finding, words)}
${shares.map((share, i) => shareHtml(share, i === 0, most))}
${words && page(words)}</div></details>
`;
}

function facts(finding: FindingGroup, words: CheckWords | undefined): Html {
  const { level, expected, observed, message, reference } = finding.shown.result;
  const { lowered } = finding;
  return html`<dl>${term('level', level)}${term('expected', expected)}${term('observed', observed)}
${term('seen', message === observed ? '' : message)}${term('confirmed', confirmation(finding))}${term('reference', reference ?? '')}
${lowered && html`<dt>accepted</dt><dd>${lowered.reason} ${link(lowered.link, lowered.link)}</dd>`}
${words && html`<dt>rule</dt><dd>${words.rule}<blockquote>${words.source.says}</blockquote>${link(words.source.url, words.source.title)}</dd>`}</dl>`;
}

function term(name: string, value: string): Html | false {
  return value !== '' && html`<dt>${name}</dt><dd>${value}</dd>`;
}

/** A link only where it leads to the web: a report may have been merged from files that others wrote. */
function link(url: string | undefined, label: string): Html {
  return url !== undefined && /^https?:\/\//.test(url) ? html`<a href="${url}">${label}</a>` : html`${label}`;
}

function shareHtml({ title, results }: Share, first: boolean, most: number): Html {
  const withFrames = results.filter((result) => result.evidence).slice(0, most);
  const others = results.filter((result) => !withFrames.includes(result));
  return html`<h3>${title.text}</h3>${withFrames.map((result, i) => caseHtml(result, first && i === 0))}
${others.length > 0 && html`<p>${withFrames.length > 0 ? 'Also in ' : 'In '}${others.map((result, i) => html`${i > 0 && ', '}<code>${result.case}</code>`)}</p>`}`;
}

function caseHtml(result: Result, open: boolean): Html {
  const { evidence, observed, confirmed } = result;
  if (evidence === undefined) return html``;
  return html`<details class="case"${open && html` open`}><summary><code>${result.case}</code> ${observed}${confirmed && ` (${confirmed === '-' ? 'not asked again' : confirmed})`}</summary>
${timeline(evidence.frames)}
${evidence.curl && html`<h4>Request</h4><pre tabindex="0" aria-label="Command line that repeats the request"><code>${evidence.curl}</code></pre>`}</details>`;
}

function page({ id, harm, remedy }: CheckWords): Html {
  return html`<h3>What breaks downstream</h3>${prose(harm)}<h3>How to mend it</h3>${prose(remedy)}
<p class="more">At length: <code>lastchunk explain ${id}</code></p>`;
}
