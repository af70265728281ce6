/** The order of the contract: interrupted, failed, could not be judged, well. */
import { expect, test } from 'vitest';
import { exitCodeOf, exitCodeUnwritten } from '../../src/judge/exit-code.ts';
import type { Report, Result, ServerReport, Verdict } from '../../src/model/report.ts';
import { sampleReport, sampleResult, sampleServer } from '../reporters/sample-report.ts';

const result = (verdict: Verdict, check = 'usage-present', key = 'chat/stream/asked/text') =>
  sampleResult(check, key, { verdict });

/** A server without a halt, that has these results. */
const server = (results: readonly Result[], change: Partial<ServerReport> = {}) =>
  sampleServer({ halt: null, results, ...change });

const good = server([result('pass')]);
const bad = server([result('fail')]);
const known = server([{ ...result('fail'), baselined: true }]);
const unreached = server([], { halt: { kind: 'unreached', message: 'refused' } });
const late = server([result('pass')], { halt: { kind: 'out-of-time', message: 'over' } });
const cut = server([result('pass')], { halt: { kind: 'interrupted', message: 'interrupted' } });
const entry = { product: 'a', check: 'usage-present', case: '*', reason: 'r', judged: 1, failed: 0 };

test.each<[string, readonly ServerReport[], Partial<Report>, number]>([
  ['interrupted goes before a fail', [bad], { partial: true }, 130],
  ['what was out of time could not be judged', [good, late], { partial: true }, 3],
  ['a fail goes before that', [bad, late], { partial: true }, 1],
  ['an interruption of another part of the run goes before both', [cut, bad, late], { partial: true }, 130],
  ['a fail goes before a server that was not reached', [unreached, bad], {}, 1],
  ['a stale entry does, too', [unreached, good], { baseline: [{ ...entry, state: 'stale' }] }, 1],
  ['and one that has expired', [good], { baseline: [{ ...entry, state: 'expired' }] }, 1],
  ['an entry of which nothing was judged does not', [good], { baseline: [{ ...entry, state: 'unused' }] }, 0],
  ['a known fail does not', [known], {}, 0],
  ['a server that was not reached', [good, unreached], {}, 3],
  [
    'a reference that was asked for by name gave nothing',
    [server([result('pass')], { silentReferences: [{ source: 'server', message: 'refused' }] })],
    {},
    3,
  ],
  [
    'nobody is let in',
    [server([result('error')], { halt: { kind: 'unauthorized', message: '401' } })],
    {},
    3,
  ],
  [
    'only what says nothing of usage passed in streaming',
    [server([result('pass', 'request-answered'), result('pass', 'server-survives'), result('skip')])],
    {},
    3,
  ],
  ...['stream-options-accepted', 'event-json', 'sse-framing', 'error-ends-stream'].map(
    (check): [string, readonly ServerReport[], Partial<Report>, number] => [
      `only ${check} passed in streaming`,
      [server([result('pass', check), result('skip')])],
      {},
      3,
    ],
  ),
  [
    'only non-streaming was judged',
    [server([result('error'), result('pass', 'nonstream-usage', 'chat/nonstream/-/text')])],
    {},
    3,
  ],
  ['only server-survives was chosen, and not judged', [server([result('skip', 'server-survives')])], {}, 3],
  ['only server-survives was chosen, and judged', [server([result('pass', 'server-survives')])], {}, 0],
  [
    'only an answer without streaming was chosen, and did not come',
    [server([result('error', 'request-answered', 'chat/nonstream/-/text')])],
    {},
    3,
  ],
  [
    'a MUST erred twice and was judged nowhere',
    [
      server([
        result('pass'),
        result('error', 'stream-end'),
        result('error', 'stream-end', 'chat/stream/asked/short'),
      ]),
    ],
    {},
    3,
  ],
  ['a MUST erred once', [server([result('pass'), result('error', 'stream-end')])], {}, 0],
  [
    'a MUST erred twice and was judged elsewhere',
    [
      server([
        result('error'),
        result('error', 'usage-present', 'chat/stream/asked/short'),
        result('warn', 'usage-present', 'chat/stream/asked/natural'),
      ]),
    ],
    {},
    0,
  ],
  ['a warning', [server([result('warn')])], {}, 0],
  ['a warning where warnings fail the run', [server([result('warn')])], { failOn: 'warn' }, 1],
  ['a known warning there', [server([{ ...result('warn'), baselined: true }])], { failOn: 'warn' }, 0],
])('%s', (_what, servers, change, exitCode) => {
  expect(exitCodeOf(sampleReport(servers, change))).toBe(exitCode);
});

test('an output that could not be written turns 0 into 3, and nothing else', () => {
  expect([0, 1, 3, 130].map(exitCodeUnwritten)).toEqual([3, 1, 3, 130]);
});
