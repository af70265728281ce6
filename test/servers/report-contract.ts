/** What docs/judging.md promises of every report, whatever the server did. */
import type { Report } from '../../src/model/report.ts';
import { CHECK_IDS, NEWEST_CATALOGUE } from './check-ids.ts';

const CASE =
  /^((chat|completions)\/(stream\/(asked|unasked|false|null|empty)|nonstream\/-)|(responses|messages|ollama-(chat|generate)|llamacpp-completion|gemini)\/(stream|nonstream)\/-)\/[a-z0-9-]+$/;
const VERDICTS = ['pass', 'fail', 'warn', 'skip', 'error'] as const;

type Result = Report['servers'][number]['results'][number];

function resultBreaches(result: Result): string[] {
  const at = `${result.check} at ${result.case}`;
  const breaches: string[] = [];
  if (!CHECK_IDS.some((id) => id === result.check)) breaches.push(`${at}: no such check`);
  if (!CASE.test(result.case)) breaches.push(`${at}: no such case`);
  if (!result.case.startsWith(`${result.api}/`)) breaches.push(`${at}: the api is ${result.api}`);
  if (!VERDICTS.some((verdict) => verdict === result.verdict)) breaches.push(`${at}: ${result.verdict}`);
  if (result.level !== 'MUST' && result.level !== 'SHOULD')
    breaches.push(`${at}: level ${String(result.level)}`);
  if ((result.verdict === 'skip' || result.verdict === 'error') && !result.message)
    breaches.push(`${at}: no reason`);
  if (result.verdict === 'fail') {
    if (!result.expected || !result.observed) breaches.push(`${at}: not said what was expected or observed`);
    if (!['2/2', '1/2', '-'].includes(String(result.confirmed)))
      breaches.push(`${at}: confirmed ${String(result.confirmed)}`);
  }
  return breaches;
}

/** In which ways a report breaks its contract; none, it is hoped. */
export function contractBreaches(report: Report): string[] {
  const results = report.servers.flatMap((server) => server.results);
  const breaches = results.flatMap(resultBreaches);
  for (const server of report.servers) {
    const keys = server.results.map((result) => `${result.check} ${result.case}`);
    const twice = keys.filter((key, at) => keys.indexOf(key) !== at);
    breaches.push(...twice.map((key) => `twice: ${key}`));
  }
  for (const verdict of VERDICTS) {
    const counted = results.filter((result) => result.verdict === verdict).length;
    if (report.summary[verdict] !== counted)
      breaches.push(`summary: ${verdict} ${report.summary[verdict]}, not ${counted}`);
  }
  const failed = results.some((result) => result.verdict === 'fail' && !result.baselined);
  if (failed !== (report.exitCode === 1))
    breaches.push(`exit code ${report.exitCode}, ${failed ? 'with' : 'without'} fails`);
  if (report.schemaVersion !== 1 || report.catalogue !== NEWEST_CATALOGUE)
    breaches.push('schemaVersion is 1, and catalogue is the newest');
  return breaches;
}
