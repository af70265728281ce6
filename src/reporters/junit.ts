/**
 * JUnit XML as the usual CI parsers read it: one suite per server, one test case per check and case.
 * A known failure (in the baseline) is reported as skipped, so that it turns nothing red; a warning passes, with its
 * text, unless warnings fail the run.
 */
import { entryTitle, remarkOn } from '../judge/baseline-remarks.ts';
import { failsRun } from '../judge/exit-code.ts';
import type { FailOn, Halt, Report, Result, ServerReport } from '../model/report.ts';
import { harmlessDeep } from '../text/harmless.ts';
import { modeOf, modeTitles } from './shared/case-list.ts';
import { frameText } from './shared/findings.ts';
import { refusedLines } from './shared/lost.ts';
import { serverTitles } from './shared/server-title.ts';
import { stepLines } from './shared/steps.ts';

interface TestCase {
  readonly name: string;
  readonly classname: string;
  /** `passed` may carry words in `text`. */
  readonly outcome: 'passed' | 'failure' | 'error' | 'skipped';
  readonly type: string;
  readonly message: string;
  readonly text: string;
}

interface Suite {
  readonly name: string;
  readonly seconds: number;
  readonly properties: ReadonlyArray<readonly [name: string, value: string]>;
  readonly cases: readonly TestCase[];
}

/** The report as JUnit XML. */
export function renderJunit(raw: Report): string {
  const report = harmlessDeep(raw);
  const titles = serverTitles(report.servers);
  const suites = [
    ...report.servers.map((server, i) => serverSuite(server, titles[i]?.text ?? server.name, report.failOn)),
    ...upgradeSuite(report),
    ...baselineSuite(report),
  ];
  const all = suites.flatMap((suite) => suite.cases);
  // Jenkins' schema knows no `skipped` here; it stands with each suite.
  const { skipped: _skipped, ...rootCounts } = counts(all);
  const root = attributes({ name: 'lastchunk', ...rootCounts, time: seconds(report.durationMs) });
  const body = suites.map((suite) => suiteXml(suite, report.startedAt)).join('\n');
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites${root}>\n${body}\n</testsuites>\n`;
}

function serverSuite(server: ServerReport, title: string, failOn: FailOn | undefined): Suite {
  // Parsers take a dot for the border between packages and classes.
  const prefix = title.replaceAll('.', '_');
  const lost = [
    ...(server.halt === null ? [] : [haltCase(server.halt, prefix)]),
    ...refusedLines(server).map((line) => runCase('not-judged', line, prefix)),
  ];
  const { baseUrl, product, version, model, profile, notServed = [] } = server;
  const lacks = notServed.length > 0 ? notServed.join(', ') : null;
  const known = { baseUrl, product, version, model, profile, 'not served': lacks };
  return {
    name: title,
    seconds: seconds(server.durationMs),
    properties: Object.entries(known).flatMap(([name, value]) =>
      value === null ? [] : [[name, value] as const],
    ),
    cases: [...server.results.map((result) => resultCase(result, prefix, failOn)), ...lost],
  };
}

function resultCase(result: Result, prefix: string, failOn: FailOn | undefined): TestCase {
  const classname = `${prefix}.${result.api}.${modeTitles[modeOf(result.case)]}`;
  const fails = failsRun(result, failOn);
  const known = fails && result.baselined;
  const outcomes = {
    pass: 'passed',
    fail: 'failure',
    warn: 'passed',
    skip: 'skipped',
    error: 'error',
  } as const;
  const what = [result.observed, result.message].filter(Boolean).join('. ');
  return {
    name: `${result.check} (${result.case})`,
    classname,
    outcome: known ? 'skipped' : fails ? 'failure' : outcomes[result.verdict],
    type: result.check,
    message: known ? `known failure, in the baseline: ${what}` : what,
    text: result.verdict === 'fail' || result.verdict === 'warn' ? explanation(result) : '',
  };
}

function explanation(result: Result): string {
  const { expected, observed, message, confirmed, reference, lowered, evidence } = result;
  const lines = [
    expected && `expected: ${expected}`,
    observed && `observed: ${observed}`,
    message,
    confirmed && `confirmed: ${confirmed}`,
    reference && `reference: ${reference}`,
    lowered && `accepted by the profile: ${lowered.reason} ${lowered.link}`,
    ...(evidence?.frames ?? []).map((frame) => `${Math.round(frame.at)} ms  ${frameText(frame)}`),
    evidence?.curl,
  ];
  return lines.filter(Boolean).join('\n');
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

function suiteXml(suite: Suite, startedAt: string): string {
  const head = attributes({
    name: suite.name,
    ...counts(suite.cases),
    time: suite.seconds,
    timestamp: startedAt.replace(/\..*$|Z$/, ''),
  });
  const properties = suite.properties.map(
    ([name, value]) => `      <property${attributes({ name, value })}/>`,
  );
  return [
    `  <testsuite${head}>`,
    ...(properties.length > 0 ? ['    <properties>', ...properties, '    </properties>'] : []),
    ...suite.cases.map(caseXml),
    '  </testsuite>',
  ].join('\n');
}

function caseXml({ name, classname, outcome, type, message, text }: TestCase): string {
  const open = `    <testcase${attributes({ classname, name, time: 0 })}`;
  if (outcome === 'passed')
    return text ? `${open}><system-out>${xmlText(text)}</system-out></testcase>` : `${open}/>`;
  const said = attributes(outcome === 'skipped' ? { message } : { message, type });
  return `${open}><${outcome}${said}>${xmlText(text)}</${outcome}></testcase>`;
}

function counts(cases: readonly TestCase[]) {
  const of = (outcome: TestCase['outcome']) =>
    cases.filter((testCase) => testCase.outcome === outcome).length;
  return { tests: cases.length, failures: of('failure'), errors: of('error'), skipped: of('skipped') };
}

function seconds(ms: number): number {
  return Math.round(ms) / 1000;
}

function attributes(values: Readonly<Record<string, string | number>>): string {
  return Object.entries(values)
    .map(([name, value]) => ` ${name}="${xmlText(String(value))}"`)
    .join('');
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** Expects harmless text: what XML cannot hold is already a visible escape. */
function xmlText(text: string): string {
  return text.replace(/[&<>"]/g, (character) => ENTITIES[character] ?? '');
}
