import { describe, expect, it } from 'vitest';
import { adviceOfServer } from '../../src/judge/advice.ts';
import { headlineOf } from '../../src/judge/headline.ts';
import type { CheckWords, Concern, Result, ServerReport } from '../../src/model/report.ts';
import { headlines } from '../../src/reporters/shared/headline-text.ts';
import { sampleReport, sampleResult, sampleServer, sampleWords } from '../reporters/sample-report.ts';

const concerned: Readonly<Record<string, Concern>> = {
  'usage-present': 'presence',
  'nonstream-usage': 'presence',
  'usage-total': 'numbers',
  'usage-last': 'place',
};
const concernOf = (check: string): Concern => concerned[check] ?? 'rest';
const words = (check: string): CheckWords | undefined => {
  const said = sampleWords(check);
  return (
    said && {
      ...said,
      concerns: concernOf(check),
      ...(check === 'usage-present' ? { fault: 'no usage', lacking: true } : {}),
    }
  );
};

const stream = (check: string, scenario: string, verdict: Result['verdict'], change: Partial<Result> = {}) =>
  sampleResult(check, `chat/stream/asked/${scenario}`, { verdict, ...change });
const silent = [
  ...['text', 'short'].flatMap((scenario) => [
    stream('usage-present', scenario, 'fail', { class: 'absent', observed: 'absent: none' }),
    sampleResult('usage-present', `completions/stream/asked/${scenario}`, {
      verdict: 'fail',
      class: 'absent',
    }),
    sampleResult('nonstream-usage', `chat/nonstream/-/${scenario}`),
    sampleResult('nonstream-usage', `completions/nonstream/-/${scenario}`),
  ]),
];
const server = (results: readonly Result[], change: Partial<ServerReport> = {}) =>
  sampleServer({ product: 'llama-cpp-python', version: '0.3.36', results, ...change });
const sentence = (results: readonly Result[], change: Partial<ServerReport> = {}) =>
  headlines(sampleReport([server(results, change)]), words)[0];

describe('the verdict in words', () => {
  it('names what is missing, where, and what holds', () => {
    expect(sentence(silent)).toBe(
      'llama-cpp-python 0.3.36: no usage in any chat or completions stream (4 of 4); non-streaming usage holds.',
    );
  });

  it('says nothing of answers without streaming that do not hold', () => {
    const both = [...silent, sampleResult('nonstream-usage', 'chat/nonstream/-/json', { verdict: 'fail' })];
    expect(sentence(both)).not.toContain('holds');
  });

  it('counts the cases in which a fault was not seen', () => {
    expect(sentence([...silent, stream('usage-present', 'json', 'pass')])).toContain(
      'no usage in some chat and completions streams (4 of 5)',
    );
  });

  it('puts the most harmful first, then the most frequent, and counts what is too much', () => {
    const results = [
      stream('sse-framing', 'text', 'fail'),
      stream('stream-end', 'text', 'fail'),
      stream('stream-end', 'short', 'fail'),
      stream('usage-last', 'text', 'fail'),
      stream('usage-total', 'text', 'fail'),
      ...silent,
    ];
    const headline = headlineOf(server(results), concernOf);
    const order = ['usage-present', 'usage-total', 'usage-last', 'stream-end', 'sse-framing'];
    expect(headline?.faults.map(({ check }) => check)).toEqual(order);
    expect(sentence(results)).toContain('; 2 more checks fail; non-streaming usage holds.');
  });

  it('says of a correct server what holds', () => {
    const results = [stream('usage-present', 'text', 'pass'), stream('usage-last', 'text', 'warn')];
    expect(sentence(results)).toBe(
      'llama-cpp-python 0.3.36: usage holds (1 check, 1 case of chat); 1 warning (1 case).',
    );
  });

  it('says that nothing new fails where the baseline knows it all', () => {
    const known = silent.map((result) => ({ ...result, baselined: result.verdict === 'fail' }));
    expect(sentence(known)).toContain(
      ': nothing new fails; known: no usage in any chat or completions stream (4 of 4); the rest holds (',
    );
  });

  it('says why a server was not judged', () => {
    const halt = { kind: 'unreached', message: 'connection refused; is it running?' } as const;
    expect(sentence([], { halt })).toBe(
      'llama-cpp-python 0.3.36 was not judged: connection refused; is it running?',
    );
  });

  it('says where a server ended early', () => {
    const halt = { kind: 'died', case: 'chat/stream/asked/json', message: 'connection refused' } as const;
    expect(sentence([stream('usage-present', 'text', 'pass')], { halt })).toContain(
      '; it died at chat/stream/asked/json: connection refused.',
    );
  });

  it('is one line, whatever a server says', () => {
    const said = sentence(silent, { version: `1\n2\u001b[31m${'x'.repeat(5000)}` });
    expect(said).not.toMatch(/\p{Cc}/u);
    expect(said?.length).toBeLessThan(500);
  });
});

describe('advice', () => {
  const actions = (results: readonly Result[]) =>
    adviceOfServer(server(results), concernOf).flatMap((one) => one.actions);

  it('to ask without streaming comes where that was seen to hold', () => {
    expect(actions(silent)).toContainEqual(
      expect.objectContaining({ kind: 'no-stream', heldInThisRun: true }),
    );
    const streams = silent.filter(({ check }) => check === 'usage-present');
    expect(actions(streams).map(({ kind }) => kind)).not.toContain('no-stream');
    expect(actions(streams)).not.toEqual([]);
  });

  it('is told once for all cases, and not where nothing fails', () => {
    expect(adviceOfServer(server(silent), concernOf)).toHaveLength(1);
    expect(adviceOfServer(server([stream('usage-present', 'text', 'pass')]), concernOf)).toEqual([]);
  });
});
