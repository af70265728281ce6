import { expect, test } from 'vitest';
import { scenarioIds } from '../../src/model/case-id.ts';
import type { Result } from '../../src/model/report.ts';
import { renderJunit } from '../../src/reporters/junit/junit.ts';
import { hostile, invisible } from './hostile.ts';
import {
  fourServers,
  hostileReport,
  sampleReport,
  sampleResult,
  sampleServer,
  sampleWords,
  talkingServer,
} from './sample-report.ts';

test('one suite per server, its counts those of its cases', () => {
  const text = renderJunit(fourServers(), { words: sampleWords });
  const suites = text.split('<testsuite ').slice(1);
  expect(suites.map((suite) => /name="([^"]*)"/.exec(suite)?.[1])).toEqual([
    'llama-cpp-python 0.2.84',
    'llama-cpp-python 0.2.87',
    'llama-cpp-python 0.3.36',
    'llama.cpp b6000',
  ]);
  for (const suite of suites) {
    const counted = ['<testcase', '<failure', '<error', '<skipped'].map((tag) => suite.split(tag).length - 1);
    const said = ['tests', 'failures', 'errors', 'skipped'].map((name) =>
      Number(new RegExp(`${name}="(\\d+)"`).exec(suite)?.[1]),
    );
    expect(said).toEqual(counted);
  }
});

/** What the schema that Jenkins validates with (junit-10.xsd) allows. */
const jenkins: Readonly<Record<string, readonly string[]>> = {
  testsuites: ['name', 'time', 'tests', 'failures', 'errors'],
  testsuite: ['name', 'tests', 'failures', 'errors', 'skipped', 'time', 'timestamp'],
  properties: [],
  property: ['name', 'value'],
  testcase: ['name', 'time', 'classname'],
  failure: ['type', 'message'],
  error: ['type', 'message'],
  skipped: ['type', 'message'],
  'system-out': [],
};

test('elements and attributes are those of the schema', () => {
  const text = renderJunit(fourServers(), { words: sampleWords });
  for (const [, tag = '', attributes = ''] of text.matchAll(/<([a-z-]+)((?: [a-z]+="[^"]*")*)\/?>/g)) {
    const names = [...attributes.matchAll(/ ([a-z]+)="/g)].map(([, name]) => name);
    expect(jenkins[tag], tag).toEqual(expect.arrayContaining(names));
  }
});

test('a failure says all, a warning passes with its words, a known failure is skipped', () => {
  expect(renderJunit(sampleReport([talkingServer()]), { words: sampleWords })).toContain(
    '<failure message="twice (1 of 8 cases)" type="stream-end">',
  );
  const results = [
    sampleResult('usage-present', 'chat/stream/asked/text', {
      verdict: 'fail',
      expected: 'usage',
      observed: 'absent: no chunk',
      evidence: { frames: [{ at: 12.4, data: '{"a":1}' }], curl: 'curl -N x' },
    }),
    sampleResult('usage-null-before', 'chat/stream/asked/text', { verdict: 'warn', observed: 'absent' }),
    sampleResult('usage-last', 'chat/nonstream/-/text', {
      verdict: 'fail',
      observed: 'late',
      baselined: true,
    }),
    sampleResult('usage-once', 'chat/stream/asked/text', { verdict: 'error', message: 'timed out' }),
  ];
  const halt = { kind: 'given-up', message: 'two unanswered requests' } as const;
  expect(
    renderJunit(sampleReport([sampleServer({ results, halt })]), { words: sampleWords }),
  ).toMatchInlineSnapshot(`
    "<?xml version="1.0" encoding="UTF-8"?>
    <testsuites name="lastchunk" tests="5" failures="1" errors="2" time="3.21">
      <testsuite name="llama-cpp-python 0.2.84" tests="5" failures="1" errors="2" skipped="1" time="2.1" timestamp="2026-01-02T03:04:05">
        <properties>
          <property name="headline" value="llama-cpp-python 0.2.84: usage-present broken in one chat stream (1 of 1); it was given up: two unanswered requests."/>
          <property name="baseUrl" value="http://127.0.0.1:8000"/>
          <property name="product" value="llama-cpp-python"/>
          <property name="version" value="0.2.84"/>
          <property name="model" value="stories260K"/>
          <property name="profile" value="llama-cpp-python"/>
        </properties>
        <testcase classname="llama-cpp-python 0_2_84.chat.streaming" name="usage-present" time="0"><failure message="absent: no chunk" type="usage-present">in chat/stream/asked/text
    expected: usage
    observed: absent: no chunk
    confirmed: 2/2
    12 ms  {&quot;a&quot;:1}
    curl -N x</failure></testcase>
        <testcase classname="llama-cpp-python 0_2_84.chat.streaming" name="usage-null-before" time="0"><system-out>in chat/stream/asked/text
    observed: absent</system-out></testcase>
        <testcase classname="llama-cpp-python 0_2_84.chat.non-streaming" name="usage-last" time="0"><skipped message="known failure, in the baseline: late">in chat/nonstream/-/text
    observed: late
    confirmed: 2/2</skipped></testcase>
        <testcase classname="llama-cpp-python 0_2_84.chat.streaming" name="usage-once" time="0"><error message="timed out" type="usage-once"></error></testcase>
        <testcase classname="llama-cpp-python 0_2_84" name="the run" time="0"><error message="two unanswered requests" type="given-up"></error></testcase>
      </testsuite>
    </testsuites>
    "
  `);
});

test('a check is one test case an API and mode, the worst verdict its outcome, what is alike said once', () => {
  const each = (check: string, changes: readonly Partial<Result>[]) =>
    changes.map((change, i) => sampleResult(check, `chat/stream/asked/${scenarioIds[i]}`, change));
  const absent = { verdict: 'fail', observed: 'absent: no chunk' } as const;
  const skip = { verdict: 'skip', message: 'no reasoning was delivered' } as const;
  const results = [
    ...each('a', [absent, {}, absent, { verdict: 'fail', observed: 'late' }, skip]),
    ...each('b', [{ ...absent, baselined: true }, {}]),
    ...each('c', [
      { ...absent, baselined: true },
      { verdict: 'error', message: 'timed out' },
    ]),
    ...each('d', [skip, skip]),
    ...each('e', [skip, {}]),
  ];
  const text = renderJunit(sampleReport([sampleServer({ results })]), { words: sampleWords });
  const cases = [...text.matchAll(/name="(.)" time="0">?<?([a-z]*)(?: message="([^"]*)")?/g)];
  expect(cases.map(([, ...said]) => said)).toEqual([
    ['a', 'failure', 'absent: no chunk (2 of 4 cases); late (1 of 4 cases)'],
    ['b', 'skipped', 'known failure, in the baseline: absent: no chunk (1 of 2 cases)'],
    ['c', 'error', 'timed out (1 of 2 cases)'],
    ['d', 'skipped', 'no reasoning was delivered (2 cases)'],
    ['e', '', undefined],
  ]);
});

test('the file is one line of markup per case whatever a server says, and shows nothing invisible', () => {
  const text = renderJunit(hostileReport(hostile), { words: sampleWords });
  expect(text.replaceAll('\n', '')).not.toMatch(invisible);
  expect(text).not.toMatch(/\]\]>|<script|<img/);
  const tags = new Set([...text.matchAll(/<[/?]?([a-z-]+)/g)].map((match) => match[1]));
  expect([...tags].sort()).toEqual([
    ...[
      'error',
      'failure',
      'properties',
      'property',
      'skipped',
      'system-out',
      'testcase',
      'testsuite',
      'testsuites',
    ],
    'xml',
  ]);
});
