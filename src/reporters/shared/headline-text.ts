/** The verdict on a server in one sentence, the most harmful first. */

import { type Fault, type Headline, headlineOf } from '../../judge/headline.ts';
import type { CheckWords, Concern, Report, ServerReport } from '../../model/report.ts';
import { cutToLength, harmless } from '../../text/harmless.ts';
import { plural } from '../../text/plural.ts';
import { haltLine, lostLines } from './lost.ts';
import { longTitle, serverTitles } from './server-title.ts';

/** The words of a check; undefined for one that this version does not know. */
export type Words = (check: string) => CheckWords | undefined;

/** More faults of one server are only counted. */
const MOST_FAULTS = 3;
/** A server words a part of some sentences. */
const LONGEST = 400;

/** What a check looks after, by its words. */
export const concernIn =
  (words: Words) =>
  (check: string): Concern =>
    words(check)?.concerns ?? 'rest';

/** One sentence a server, in the report's order: `llama-cpp-python 0.3.36: no usage in any chat stream (12 of 12).` */
export function headlines(report: Pick<Report, 'servers'>, words: Words): readonly string[] {
  const titles = serverTitles(report.servers);
  return report.servers.map((server, i) => {
    const title = titles[i];
    return sentence(server, title === undefined ? server.name : longTitle(server, title), words);
  });
}

function sentence(server: ServerReport, title: string, words: Words): string {
  const headline = headlineOf(server, concernIn(words));
  if (headline === null) {
    const [why = 'was not judged'] = lostLines(server);
    return clean(`${title} ${why}`);
  }
  const { faults } = headline;
  const said = faults.length > 0 ? faultWords(headline, words) : holdWords(headline, words);
  const halt = server.halt === null ? [] : [`it ${haltLine(server.halt)}`];
  const silent = server.silentReferences?.map(({ message }) => message) ?? [];
  return clean(`${title}: ${[...said, ...silent, ...halt].join('; ')}`);
}

function faultWords(headline: Headline, words: Words): readonly string[] {
  const { faults, nonStreamingHolds } = headline;
  const shown = faults.slice(0, MOST_FAULTS);
  // A check may fail in both modes.
  const more = new Set(faults.map(({ check }) => check)).size - new Set(shown.map(({ check }) => check)).size;
  return [
    ...shown.map((fault) => faultText(fault, words)),
    ...(more > 0 ? [`${plural(more, 'more check')} ${more === 1 ? 'fails' : 'fail'}`] : []),
    ...(nonStreamingHolds ? ['non-streaming usage holds'] : []),
  ];
}

function holdWords(
  { holds, usageHolds, known, warned, unjudged }: Headline,
  words: Words,
): readonly string[] {
  // What is known to fail does not hold, and is no news.
  const what = known.length > 0 ? 'the rest' : usageHolds ? 'usage' : 'all that was judged';
  const where = `${plural(holds.checks, 'check')}, ${plural(holds.cases, 'case')} of ${listed(holds.apis, 'and')}`;
  const [first] = known;
  return [
    ...(first === undefined
      ? []
      : [`nothing new fails; known: ${faultText(first, words)}${moreOf(known.length - 1)}`]),
    ...(holds.checks === 0 ? [] : [`${what} holds (${where})`]),
    ...(first === undefined && holds.checks === 0 ? ['nothing fails'] : []),
    ...(warned.findings > 0
      ? [`${plural(warned.findings, 'warning')} (${plural(warned.cases, 'case')})`]
      : []),
    ...(unjudged > 0 ? [`${plural(unjudged, 'check')} could not be judged`] : []),
  ];
}

const moreOf = (count: number) => (count > 0 ? ` and ${count} more` : '');

/** `no usage in any chat or completions stream (24 of 24)` */
function faultText({ check, mode, apis, failed, judged }: Fault, words: Words): string {
  const { fault = `${check} fails`, lacking = false } = words(check) ?? {};
  const all = failed === judged;
  const names = listed(apis, all && judged > 1 ? 'or' : 'and');
  const thing = mode === 'stream' ? `${names} stream` : `non-streaming ${names} answer`;
  const every = lacking ? 'any' : 'every';
  const where = judged === 1 ? `one ${thing}` : all ? `${every} ${thing}` : `some ${thing}s`;
  return `${fault} in ${where} (${failed} of ${judged})`;
}

function listed(names: readonly string[], join: 'and' | 'or'): string {
  const last = names.at(-1) ?? '';
  return names.length < 2 ? last : `${names.slice(0, -1).join(', ')} ${join} ${last}`;
}

/** One line that ends like a sentence, whatever a server wrote into it. */
function clean(text: string): string {
  const line = cutToLength(harmless(text), LONGEST);
  return /[.?!…]$/.test(line) ? line : `${line}.`;
}
