/** Findings on the page: each one folds open to what came and what helps, then the evidence, then all of its cases. */

import type { ServerAdvice } from '../../judge/advice.ts';
import type { CheckWords, Report, Result } from '../../model/report.ts';
import { plural } from '../../text/plural.ts';
import { ticketText } from '../issue/ticket.ts';
import { actionsOf, historyOf, type Sourced } from '../shared/advice-text.ts';
import { slug } from '../shared/anchors.ts';
import { compactCases } from '../shared/case-list.ts';
import { confirmation, type FindingGroup, type Share } from '../shared/findings.ts';
import type { Words } from '../shared/headline-text.ts';
import { joinTitles } from '../shared/server-title.ts';
import { copyButton, evidenceHtml } from './evidence.ts';
import { line, prose } from './prose.ts';
import { type Html, html } from './template.ts';

/** Results that a page shows with their frames; of more, the first few of each server and finding, the others by name. */
const MOST_SHOWN = 1000;
const MOST_OF_EACH = 8;

/** How many results of a server a finding of this page shows with their frames. */
export function shownOfEach(findings: readonly FindingGroup[]): number {
  const all = findings.flatMap(({ shares }) => shares.flatMap(({ results }) => results));
  return all.length > MOST_SHOWN ? MOST_OF_EACH : MOST_SHOWN;
}

/** What a finding is shown with. */
export interface Shown {
  readonly report: Report;
  /** Of the finding, and of the servers: what links lead to. */
  readonly id: string;
  readonly servers: ReadonlyMap<Share['server'], string>;
  /** An older or shorter name that leads here, too: that of the check. */
  readonly alias: string | null;
  readonly words: CheckWords | undefined;
  readonly allWords: Words;
  /** What is known of it in the products where it was seen. */
  readonly advice: readonly ServerAdvice[];
  /** How measured versions of these products came out. */
  readonly measured: readonly string[];
  readonly most: number;
}

/** One finding as a `<details>` with the id that the table links to. */
export function findingHtml(finding: FindingGroup, shown: Shown): Html {
  const { check, verdict, classWord, shares, lowered, baselined } = finding;
  const { id, servers, words, alias } = shown;
  const names = shares.map((share) => servers.get(share.server)).join(' ');
  const note = baselined ? 'known, in the baseline' : lowered ? 'accepted by the profile' : '';
  const cases = shares.reduce((sum, { results }) => sum + results.length, 0);
  return html`${alias !== null && html`<span id="${alias}"></span>`}<details class="item finding" id="${id}" data-verdict="${verdict}" data-servers="${names}">
<summary><span class="badge ${verdict}">${verdict}</span> <code>${check}</code> <b>${classWord}</b>
 <span class="who">${joinTitles(shares.map((share) => share.title))}, ${plural(cases, 'case')}</span>${note && html` <i>${note}</i>`}</summary>
<div class="body">${outline(finding, words)}
${remedyHtml(words, shown.advice, shown.measured)}
${example(finding)}
${facts(finding, words)}
${shares.map((share) => shareHtml(share, finding, shown))}
${words && downstream(words)}
<p class="buttons"><a class="link" href="#${id}">Link to this finding</a></p></div></details>
`;
}

/** What to do today in this product, then in general: of a check that this version does not know there is nothing. */
export function remedyHtml(
  words: CheckWords | undefined,
  advice: readonly ServerAdvice[],
  measured: readonly string[],
): Html | false {
  const sourced = ({ text, link: url }: Sourced, word: string) =>
    html`<li><b>${word}:</b> ${line(text)}${url !== '' && html` ${link(url, 'source')}`}</li>`;
  const known = advice.map(
    (one) =>
      html`<p class="fact">${line(one.fact)}</p><ul>${actionsOf(one).map((action) => sourced(action, 'today'))}${historyOf(one).map((fact) => sourced(fact, 'known'))}</ul>`,
  );
  if (words === undefined && known.length === 0 && measured.length === 0) return false;
  const general = words && html`<h3>How to mend it</h3>${prose(words.remedy)}`;
  const versions = html`<h3>Measured versions</h3><ul>${measured.map((said) => html`<li>${said}</li>`)}</ul>`;
  return html`${known.length > 0 && html`<h3>What helps today</h3>${known}`}${measured.length > 0 && versions}${general}`;
}

/** What it is about, in the first lines. */
function outline({ shown }: FindingGroup, words: CheckWords | undefined): Html {
  const { observed, message } = shown.result;
  return html`<p class="seen">${observed || message}${words && html`<br><span class="who">${line(words.rule)}</span>`}</p>`;
}

/** The result that it is shown by, with its frames. */
function example({ shown, shares }: FindingGroup): Html | false {
  const evidence = evidenceHtml(shown.result);
  const on = shares.length > 1 ? ` on ${shown.title.text}` : '';
  return evidence && html`<h3>As it came in <code>${shown.result.case}</code>${on}</h3>${evidence}`;
}

function facts(finding: FindingGroup, words: CheckWords | undefined): Html {
  const { level, expected, observed, message, reference } = finding.shown.result;
  const { lowered } = finding;
  return html`<dl>${term('level', level)}${term('expected', expected)}
${term('seen', message === observed || observed === '' ? '' : message)}${term('confirmed', confirmation(finding))}${term('reference', reference ?? '')}
${lowered && html`<dt>accepted</dt><dd>${lowered.reason} ${link(lowered.link, lowered.link)}</dd>`}
${words && html`<dt>specification</dt><dd>${line(words.source.says)}<br>${link(words.source.url, words.source.title)}</dd>`}</dl>`;
}

function term(name: string, value: string): Html | false {
  return value !== '' && html`<dt>${name}</dt><dd>${value}</dd>`;
}

/** A link only where it leads to the web: a report may have been merged from files that others wrote. */
function link(url: string | undefined, label: string): Html {
  return url !== undefined && /^https?:\/\//.test(url) ? html`<a href="${url}">${label}</a>` : html`${label}`;
}

/** The cases of a server, folded; and the finding as a ticket for its maintainers. */
function shareHtml(
  share: Share,
  finding: FindingGroup,
  { report, id, servers, allWords, most }: Shown,
): Html {
  const { server, title, results } = share;
  const own = `${id}--${servers.get(server)}`;
  const withFrames = results.filter((result) => result.evidence).slice(0, most);
  const others = results.filter((result) => !withFrames.includes(result));
  const where = compactCases(
    results.map((result) => result.case),
    4,
  ).join(', ');
  return html`<details class="share" id="${own}"><summary><b>${title.text}</b>: ${plural(results.length, 'case')} <span class="who">${where}</span></summary>
${withFrames.map((result) => caseHtml(result, own))}
${others.map((result) => html`<p class="case" id="${own}--${slug(result.case)}"><code>${result.case}</code> ${result.observed}</p>`)}</details>
${
  finding.lowered === undefined &&
  html`<details class="ticket"><summary>As a ticket for the maintainers of ${title.text}</summary>
<p class="buttons">${copyButton('ticket', 'Copy ticket')}</p><pre class="ticket" tabindex="0" aria-label="Ticket in Markdown"><code>${ticketText(report, finding, share, allWords).split('\n').map(lineOf)}</code></pre></details>`
}`;
}

/** Templates make line ends visible; these are ours. */
function lineOf(text: string, i: number): Html {
  return i === 0
    ? html`${text}`
    : html`
${text}`;
}

function caseHtml(result: Result, share: string): Html {
  const { observed, confirmed } = result;
  return html`<details class="case" id="${share}--${slug(result.case)}"><summary><code>${result.case}</code> ${observed}${confirmed && ` (${confirmed === '-' ? 'not asked again' : confirmed})`}</summary>
${evidenceHtml(result)}</details>`;
}

function downstream({ id, harm }: CheckWords): Html {
  return html`<h3>What breaks downstream</h3>${prose(harm)}
<p class="more">At length: <code>lastchunk explain ${id}</code></p>`;
}
