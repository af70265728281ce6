import { expect, it } from 'vitest';
import type { Result, ServerReport, Verdict } from '../../src/report/model.ts';
import { stepBetween, verdictOfStep } from '../../src/upgrade/steps.ts';

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
  verdictOfStep(stepBetween(server('1', from), server('2', to)));

it('is safe where nothing fails, or the same fails', () => {
  expect(verdict([result('usage-present', 'text', 'pass')], [result('usage-present', 'text', 'pass')])).toBe(
    'safe',
  );
  expect(verdict([result('usage-present', 'text', 'fail')], [result('usage-present', 'text', 'fail')])).toBe(
    'safe',
  );
});

it('breaks what held, fixes what failed', () => {
  const from = [result('usage-present', 'text', 'pass'), result('usage-total', 'text', 'fail')];
  const to = [result('usage-present', 'text', 'fail'), result('usage-total', 'text', 'pass')];
  expect(verdict(from, to)).toBe('breaks 1, fixes 1');
});

it('a case that could not be judged before is no break while the check failed elsewhere', () => {
  const from = [result('usage-present', 'text', 'fail'), result('usage-present', 'json', 'error')];
  const to = [result('usage-present', 'text', 'fail'), result('usage-present', 'json', 'fail')];
  expect(verdict(from, to)).toBe('safe');
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

it('names what is not answered any more', () => {
  const step = stepBetween(
    server('1', [result('request-answered', 'n2', 'pass')]),
    server('2', [result('request-answered', 'n2', 'skip')]),
  );
  expect(step.unanswered).toEqual(['chat/stream/asked/n2']);
});
