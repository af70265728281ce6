/** What every page has: its head, its style, its script, and the policy that lets nothing else run or load. */
import { createHash } from 'node:crypto';
import type { Report } from '../../model/report.ts';
import { script as sharedScript } from './script.ts';
import { style as sharedStyle } from './style.ts';
import { type Html, html, trusted } from './template.ts';

/** What differs between pages beside their body. */
interface Kind {
  /** Style of its own, after that of all. */
  readonly ownStyle?: string;
  /** Null where it needs none. */
  readonly script?: string | null;
  /** What the link for keyboards says. */
  readonly skip?: string;
}

/** @param skipTo id of the element that keyboards may go to at once */
export function page(title: string, skipTo: string, body: readonly Html[], kind: Kind = {}): string {
  const { ownStyle = '', script = sharedScript, skip = 'Skip to the findings' } = kind;
  const style = sharedStyle + ownStyle;
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${trusted(policy(style, script))}">
<meta name="referrer" content="no-referrer"><link rel="icon" href="data:,">
<title>${title}</title>
<style>${trusted(style)}</style></head><body>
<a class="skip-link" href="#${skipTo}">${skip}</a>
${body}
${script !== null && html`<script>${trusted(script)}</script>`}</body></html>
`.html;
}

/** Only this style and this script may run, and nothing may be loaded. */
function policy(style: string, script: string | null): string {
  const digest = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
  return `default-src 'none'; img-src data:; style-src ${digest(style)}; script-src ${script === null ? "'none'" : digest(script)}; base-uri 'none'; form-action 'none'`;
}

/** How a report was made. */
export function provenance(report: Report): Html {
  const { tool, environment, baselineFile, startedAt, suite, catalogue, seed } = report;
  const facts: ReadonlyArray<readonly [string, string | undefined]> = [
    ['command', environment?.command],
    ['lastchunk', `${tool.version}, catalogue ${catalogue}, suite ${suite}, seed ${seed}`],
    ['Node.js', environment?.node],
    ['system', environment?.os],
    ['baseline', baselineFile ?? (report.baseline === undefined ? 'none' : 'in the report')],
    ['started', startedAt],
  ];
  return html`<dl class="made">${facts.map(
    ([name, value]) =>
      value !== undefined &&
      html`<dt>${name}</dt><dd>${name === 'command' ? html`<code>${value}</code>` : value}</dd>`,
  )}</dl>`;
}
