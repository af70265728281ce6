/**
 * A finding as a ticket for the maintainers of a server, in Markdown. It mentions nobody and refers to no other ticket: who
 * files it decides whom it calls.
 */

import { adviceOn, type ServerAdvice } from '../../judge/advice.ts';
import { modeOf } from '../../model/case-id.ts';
import type { CheckWords, Report, Result, ServerReport } from '../../model/report.ts';
import { duration } from '../../text/duration.ts';
import { harmless } from '../../text/harmless.ts';
import { plural } from '../../text/plural.ts';
import { codeBlock, codeSpan, inline } from '../markdown/text.ts';
import { historyOf } from '../shared/advice-text.ts';
import { compactCases } from '../shared/case-list.ts';
import { type FindingGroup, frameText, type Share } from '../shared/findings.ts';
import { concernIn, type Words } from '../shared/headline-text.ts';
import { proseOf } from '../shared/prose.ts';
import { longTitle } from '../shared/server-title.ts';
import { ownProse, sourceLink, withoutLinks } from './text.ts';

const MOST_FRAMES = 8;
const LONGEST_CURL = 20_000;

/** The ticket of one server's share in a finding. */
export function ticketText(report: Report, finding: FindingGroup, share: Share, wordsOf: Words): string {
  const { server, title, results } = share;
  const words = wordsOf(finding.check);
  const advice = adviceOn(server, results, concernIn(wordsOf));
  const shown = shownOf(share);
  const product = inline(longTitle(server, title));
  const broken = finding.classWord === '' ? '' : ` (${inline(finding.classWord)})`;
  const sections = [
    `# ${product}: ${words ? ownProse(words.fault) : inline(finding.check)}${broken}`,
    facts(report, finding, share),
    section('What came', came(shown)),
    section('What is expected', expected(shown, words)),
    words && section('What breaks downstream', harm(words)),
    shown.evidence?.curl && section('To see it again', codeBlock([shown.evidence.curl], 'sh', LONGEST_CURL)),
    again(report, finding, server),
    advice.length > 0 && section('What is known of it', advice.map(known).join('\n')),
  ];
  return `${sections.filter(Boolean).join('\n\n')}\n`;
}

/** The result it is shown by: one that came twice and has frames, where there is one. */
function shownOf({ results }: Share): Result {
  const withEvidence = results.filter(({ evidence }) => evidence);
  const shown = withEvidence.find(({ confirmed }) => confirmed === '2/2') ?? withEvidence[0] ?? results[0];
  if (shown === undefined) throw new Error('a finding without a result');
  return shown;
}

const section = (heading: string, text: string) => `## ${heading}\n\n${text}`;

function facts(report: Report, { check, shown }: FindingGroup, { server, title, results }: Share): string {
  const { model, identifiedBy } = server;
  const judged = server.results.filter(
    (result) => result.check === check && ['pass', 'fail', 'warn'].includes(result.verdict),
  );
  const others = server.results.filter(({ verdict }) => verdict === 'fail');
  const findings = new Set(others.map((result) => `${result.check} ${result.class}`)).size;
  const told = identifiedBy === null ? '' : `, told by ${inline(identifiedBy)}`;
  const confirmed = new Set(results.flatMap((result) => result.confirmed ?? []));
  const twice = confirmed.has('2/2') ? '; asked again, it came again' : '';
  const once = !twice && confirmed.has('1/2') ? '; asked again, it did not come again' : '';
  return [
    `- Product and version: ${inline(longTitle(server, title))}${told}`,
    `- Rule: ${inline(check)}, a ${shown.result.level}`,
    ...(model === null ? [] : [`- Model: ${inline(model)}`]),
    `- How often: in ${results.length} of ${plural(judged.length, 'judged case')}${twice}${once}`,
    `- Where: ${compactCases(
      results.map((result) => result.case),
      12,
    )
      .map(inline)
      .join(', ')}`,
    `- In the whole run this server failed ${plural(findings, 'rule')} in ${plural(others.length, 'case')}`,
    `- Found by lastchunk ${inline(report.tool.version)}, catalogue ${report.catalogue}, suite ${inline(report.suite)}, seed ${server.seed ?? report.seed}, on ${inline(report.startedAt.slice(0, 10))}`,
  ].join('\n');
}

function came({ observed, message, evidence, case: key }: Result): string {
  const frames = (evidence?.frames ?? []).slice(-MOST_FRAMES);
  const stream = modeOf(key) === 'stream';
  const of = evidence?.arrivals === undefined ? '' : ` of ${evidence.arrivals.count}`;
  const lines = frames.map((frame) => {
    const number = frame.number === undefined ? '' : `#${frame.number}  `;
    return `${number}${duration(frame.at)}  ${frameText(frame)}`;
  });
  return [
    inline(observed || message),
    message === observed || observed === '' ? '' : inline(message),
    frames.length === 0
      ? ''
      : `${stream ? `${plural(frames.length, 'event')}${of}` : 'The answer'} in ${codeSpan(harmless(key, 500))}, with the time since the request:`,
    frames.length === 0 ? '' : codeBlock(lines, 'text', 4000),
  ]
    .filter(Boolean)
    .join('\n\n');
}

function expected({ expected: wanted, reference }: Result, words: CheckWords | undefined): string {
  return [
    inline(wanted),
    reference === undefined ? '' : `Compared with ${inline(reference)}.`,
    words && ownProse(words.rule),
    words && `${sourceLink(words.source)}:\n\n> ${ownProse(words.source.says)}`,
  ]
    .filter(Boolean)
    .join('\n\n');
}

function harm({ harm: text }: CheckWords): string {
  return proseOf(text)
    .map((block) =>
      block.kind === 'paragraph'
        ? withoutLinks(block.pieces)
        : block.items.map((item) => `- ${withoutLinks(item)}`).join('\n'),
    )
    .join('\n\n');
}

/** The links stand as text: a report that is known need not hear of it again. */
function known(one: ServerAdvice): string {
  return [
    ownProse(one.fact),
    ...historyOf(one).map(({ text, link: url }) => `${ownProse(text)} ${codeSpan(url)}`),
  ]
    .map((said) => `- ${said}`)
    .join('\n');
}

/** A line to be copied into a shell, so only where all of it is what addresses, names and numbers are made of. */
function again(report: Report, { check }: FindingGroup, server: ServerReport): string {
  const seed = server.seed ?? report.seed;
  const command = `lastchunk check ${server.baseUrl} --only ${check} --suite ${report.suite} --seed ${seed}`;
  if (!/^[\w:/. -]+$/.test(command)) return '';
  return ['Or with lastchunk:', codeBlock([command], 'sh')].join('\n\n');
}
