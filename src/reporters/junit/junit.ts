/**
 * JUnit XML as the usual CI parsers read it: one suite per server, one test case per check, API and mode.
 * A known failure (in the baseline) is reported as skipped, so that it turns nothing red; a warning passes, with its
 * text, unless warnings fail the run.
 */
import { entryTitle, remarkOn } from '../../judge/baseline-remarks.ts';
import type { FailOn, Halt, Report, ServerReport } from '../../model/report.ts';
import { harmlessDeep } from '../../text/harmless.ts';
import { headlines, type Words } from '../shared/headline-text.ts';
import { refusedLines } from '../shared/lost.ts';
import { serverTitles } from '../shared/server-title.ts';
import { stepLines } from '../shared/steps.ts';
import { unitCase, unitsOf } from './unit-case.ts';
import { junitXml, type Suite, type TestCase } from './xml.ts';

/** The report as JUnit XML. */
export function renderJunit(raw: Report, { words }: { readonly words: Words }): string {
  const report = harmlessDeep(raw);
  const titles = serverTitles(report.servers);
  const sentences = headlines(report, words);
  const suites = [
    ...report.servers.map((server, i) =>
      serverSuite(server, titles[i]?.text ?? server.name, sentences[i] ?? '', report.failOn),
    ),
    ...upgradeSuite(report),
    ...baselineSuite(report),
  ];
  return junitXml(suites, { seconds: seconds(report.durationMs), startedAt: report.startedAt });
}

function serverSuite(
  server: ServerReport,
  title: string,
  headline: string,
  failOn: FailOn | undefined,
): Suite {
  // Parsers take a dot for the border between packages and classes.
  const prefix = title.replaceAll('.', '_');
  const lost = [
    ...(server.halt === null ? [] : [haltCase(server.halt, prefix)]),
    ...refusedLines(server).map((line) => runCase('not-judged', line, prefix)),
  ];
  const { baseUrl, product, version, model, profile, notServed = [] } = server;
  const lacks = notServed.length > 0 ? notServed.join(', ') : null;
  const known = { headline, baseUrl, product, version, model, profile, 'not served': lacks };
  return {
    name: title,
    seconds: seconds(server.durationMs),
    properties: Object.entries(known).flatMap(([name, value]) =>
      value === null ? [] : [[name, value] as const],
    ),
    cases: [...unitsOf(server.results).map((unit) => unitCase(unit, prefix, failOn)), ...lost],
  };
}

/** Entries that fail the run must be seen where only this file is looked at. */
function baselineSuite({ baseline = [] }: Report): readonly Suite[] {
  const cases = baseline.flatMap((use): TestCase[] =>
    remarkOn(use).map((message) => ({
      name: entryTitle(use),
      classname: 'baseline',
      outcome: 'failure',
      type: use.state,
      message,
      text: use.reason,
    })),
  );
  return cases.length === 0 ? [] : [{ name: 'baseline', seconds: 0, properties: [], cases }];
}

/** Each step from a version to the next is a test of its own: it fails where the step breaks something. */
function upgradeSuite({ steps = [] }: Report): readonly Suite[] {
  const cases = steps.map(
    (step): TestCase => ({
      name: `${step.from} → ${step.to}`,
      classname: 'upgrade',
      outcome: step.breaks.length > 0 ? 'failure' : step.unjudged.length > 0 ? 'error' : 'passed',
      type: 'step',
      message: step.verdict,
      text: stepLines(step).join('\n'),
    }),
  );
  return cases.length === 0 ? [] : [{ name: 'upgrade', seconds: 0, properties: [], cases }];
}

/** A server that was never measured must not look like one without failures. */
function haltCase(halt: Halt, prefix: string): TestCase {
  const message = `${halt.message}${halt.case ? ` (at ${halt.case})` : ''}`;
  return runCase(halt.kind, message, prefix);
}

function runCase(type: string, message: string, classname: string): TestCase {
  return { name: 'the run', classname, outcome: 'error', type, message, text: '' };
}

function seconds(ms: number): number {
  return Math.round(ms) / 1000;
}
