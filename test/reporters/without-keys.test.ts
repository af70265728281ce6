import { expect, it } from 'vitest';
import { withoutKeys } from '../../src/run/without-keys.ts';
import { redactor } from '../../src/wire/redact.ts';
import { sampleResult, sampleServer } from './sample-report.ts';

const KEY = 'sk-live-0123456789';
const chunk = (content: string) =>
  JSON.stringify({ id: 'a', choices: [{ index: 0, delta: { content }, finish_reason: null }] });

it('a key that is spelt over several frames is in none of them', () => {
  const frames = ['say ', 'sk-li', 've-0123', '456789', ' so'].map((part, at) => ({ at, data: chunk(part) }));
  const spelt = sampleResult('usage-present', 'chat/stream/plain/short', {
    evidence: { frames: [...frames, { at: 9, data: '[DONE]' }], curl: 'curl' },
  });
  const shown = withoutKeys(sampleServer({ results: [spelt] }), redactor([KEY]));
  expect(shown.results[0]?.evidence?.frames.map(({ data }) => data)).toEqual([
    ...['say ', 'REDACTED', '', '', ' so'].map(chunk),
    '[DONE]',
  ]);
});
