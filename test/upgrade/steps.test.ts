import { expect, it } from 'vitest';
import { stepBetween } from '../../src/judge/steps.ts';
import type { Result, ServerReport, Verdict } from '../../src/model/report.ts';

const result = (check: string, scenario: string, verdict: Verdict): Result => ({
  check,
  case: `chat/stream/asked/${scenario}`,
  api: 'chat',
  verdict,
  level: 'MUST',
  expected: '',
  observed: verdict === 'fail' ? 'absent' : '',
  message: '',
  baselined: false,
});

const lowered = (check: string, scenario: string): Result => ({
  ...result(check, scenario, 'warn'),
  observed: 'incomplete',
  lowered: { reason: 'intended', link: 'https://example.com' },
});

const known = (check: string, scenario: string): Result => ({
  ...result(check, scenario, 'fail'),
  baselined: true,
});

const server = (name: string, results: readonly Result[]): ServerReport => ({
  name,
  baseUrl: '',
  product: null,
  version: null,
  identifiedBy: null,
  behind: null,
  profile: 'openai',
  model: null,
  context: null,
  halt: null,
  notes: [],
  requests: 0,
  durationMs: 0,
  serverMs: 0,
  results,
});

const verdict = (from: readonly Result[], to: readonly Result[]) =>
  stepBetween(server('1', from), server('2', to)).verdict;

it('is safe where nothing fails', () => {
  expect(verdict([result('usage-present', 'text', 'pass')], [result('usage-present', 'text', 'pass')])).toBe(
    'safe',
  );
});

it('is no change where the same fails, and names the most harmful', () => {
  const both = [result('usage-present', 'text', 'fail'), result('usage-once', 'text', 'fail')];
  expect(verdict(both.slice(0, 1), both.slice(0, 1))).toBe('no change: usage-present still fails');
  const step = stepBetween(server('1', both), server('2', both.toReversed()), 'fail', (check) =>
    check === 'usage-present' ? 'presence' : 'place',
  );
  expect(step.verdict).toBe('no change: usage-present and 1 more still fail');
});

it('a fix is told beside what still fails', () => {
  const fails = [result('usage-present', 'text', 'fail'), result('usage-total', 'text', 'fail')];
  const to = [result('usage-present', 'text', 'fail'), result('usage-total', 'text', 'pass')];
  expect(verdict(fails, to)).toBe('fixes 1; usage-present still fails');
});

it('breaks what held, fixes what failed', () => {
  const from = [result('usage-present', 'text', 'pass'), result('usage-total', 'text', 'fail')];
  const to = [result('usage-present', 'text', 'fail'), result('usage-total', 'text', 'pass')];
  expect(verdict(from, to)).toBe('breaks 1, fixes 1');
});

it('a case that could not be judged before is no break while the check failed elsewhere', () => {
  const from = [result('usage-present', 'text', 'fail'), result('usage-present', 'json', 'error')];
  const to = [result('usage-present', 'text', 'fail'), result('usage-present', 'json', 'fail')];
  expect(verdict(from, to)).toBe('no change: usage-present still fails');
});

it('a death is fixed where the server survives, though that is filed at another case', () => {
  const from = [result('server-survives', 'tools-called', 'fail')];
  const to = [result('server-survives', 'text', 'pass')];
  expect(verdict(from, to)).toBe('fixes 1');
});

it('a fail that is not judged any more is not fixed', () => {
  expect(verdict([result('usage-total', 'text', 'fail')], [result('usage-total', 'text', 'skip')])).toBe(
    'safe',
  );
});

it('what the baseline knows breaks nothing, and what fails on both sides of its range neither', () => {
  const pass = result('usage-total', 'short', 'pass');
  expect(verdict([result('usage-total', 'text', 'pass')], [known('usage-total', 'text')])).toBe('safe');
  const from = [known('usage-total', 'text'), pass];
  expect(verdict(from, [result('usage-total', 'text', 'fail'), pass])).toBe(
    'no change: usage-total still fails',
  );
  expect(verdict([known('usage-total', 'text')], [result('usage-total', 'text', 'pass')])).toBe('fixes 1');
});

it('a deviation that the profile accepts in one version only is the same in both', () => {
  const [from, to] = [[lowered('usage-last', 'text')], [result('usage-last', 'text', 'fail')]];
  expect(verdict(from, to)).toBe('no change: usage-last still fails');
  expect(verdict(to, from)).toBe('safe');
  expect(verdict(from, [result('usage-last', 'text', 'pass')])).toBe('fixes 1');
});

it('a new warning is told, and breaks nothing', () => {
  const step = stepBetween(
    server('1', [result('usage-null-before', 'text', 'pass')]),
    server('2', [result('usage-null-before', 'text', 'warn')]),
  );
  expect(step).toMatchObject({ verdict: 'safe', warns: [{ check: 'usage-null-before' }] });
});

it('a check that held in what is refused now is no longer judged: that is not safe', () => {
  const answered = result('request-answered', 'text', 'pass');
  const refused = { ...result('request-answered', 'text', 'skip'), message: 'refused: no streams' };
  const gone = { ...result('usage-present', 'text', 'skip'), message: 'refused: no streams' };
  const from = [answered, result('usage-present', 'text', 'pass')];
  const step = stepBetween(server('1', from), server('2', [refused, gone]));
  expect(step.verdict).toBe('not comparable 2');
  expect(step.unjudged[1]).toMatchObject({ check: 'usage-present', observed: 'refused: no streams' });
  // Elsewhere it still is: the step can be judged.
  const elsewhere = ['request-answered', 'usage-present'].map((check) => result(check, 'short', 'pass'));
  expect(verdict([...from, ...elsewhere], [refused, gone, ...elsewhere])).toBe('safe');
});

it('a fail in a check that could not be judged before is not comparable', () => {
  expect(verdict([result('usage-total', 'text', 'error')], [result('usage-total', 'text', 'fail')])).toBe(
    'not comparable 1',
  );
  expect(verdict([result('usage-total', 'text', 'skip')], [result('usage-total', 'text', 'fail')])).toBe(
    'breaks nothing; usage-total fails',
  );
});

it('names what is not answered any more', () => {
  const step = stepBetween(
    server('1', [result('request-answered', 'n2', 'pass')]),
    server('2', [result('request-answered', 'n2', 'skip')]),
  );
  expect(step.unanswered).toEqual(['chat/stream/asked/n2']);
});

it('an API that the newer version does not serve is not comparable, and one that it adds breaks nothing', () => {
  const of = (check: string, verdict: Verdict, scenario = 'text'): Result => ({
    ...result(check, scenario, verdict),
    case: `messages/stream/-/${scenario}`,
    api: 'messages',
  });
  const served = server('1', [of('request-answered', 'pass'), of('usage-present', 'pass')]);
  const gone = { ...of('request-answered', 'skip'), message: 'not served: HTTP 404' };
  const without = { ...server('2', [gone]), notServed: ['messages' as const] };
  const step = stepBetween(served, without);
  expect(step.unjudged.map(({ check, observed }) => [check, observed])).toEqual([
    ['request-answered', 'not served: HTTP 404'],
  ]);
  expect(step.verdict).toBe('not comparable 1');
  const faulty = server('3', [of('request-answered', 'pass'), of('usage-present', 'fail')]);
  expect(stepBetween(without, faulty).verdict).toBe('breaks nothing; usage-present fails');
});
