/** A key that a server spells over several events is in no recording. */
import { expect, it } from 'vitest';
import { bodyRedactor, redactedPieces } from '../../src/recordings/redacted-pieces.ts';
import { withoutSpelt } from '../../src/recordings/spelt-secrets.ts';

const redact = bodyRedactor(['sk-333-ef']);
const piece = (text: string, ms: number) => ({ ms, bytes: Buffer.from(text) });
const event = (...choices: readonly object[]) => `data: ${JSON.stringify({ id: 'a', choices })}\n\n`;
const said = (index: number, content: string) => ({ index, delta: { content } });
const textOf = (pieces: ReturnType<typeof withoutSpelt>) =>
  pieces.map(({ bytes }) => bytes.toString()).join('');

it('is put into the first of them, redacted', () => {
  const stream = ['you: s', 'k-3', '', '33-e', 'f!', ' bye'].map((text, at) =>
    piece(event(said(0, text)), at),
  );
  const safe = withoutSpelt([...stream, piece('data: [DONE]\n\n', 9)], redact);
  const contents = ['you: REDACTED!', '', '', '', '', ' bye'].map((text) => event(said(0, text)));
  expect(textOf(safe)).toBe(`${contents.join('')}data: [DONE]\n\n`);
  expect(safe.map(({ ms }) => ms)).toEqual([0, 1, 2, 3, 4, 5, 9]);
});

it('is found in each choice, and in the arguments of a call', () => {
  const spelt = [said(1, 'sk-3'), said(0, 'well'), said(1, '33-ef')].map((choice) => event(choice));
  const call = (text: string) => ({
    index: 0,
    delta: { tool_calls: [{ index: 0, function: { arguments: text } }] },
  });
  const called = [event(call('{"k":"sk-333')), event(call('-ef"}'))];
  const safe = textOf(withoutSpelt([piece([...spelt, ...called].join(''), 0)], redact));
  expect(safe).toBe(
    [
      event(said(1, 'REDACTED')),
      event(said(0, 'well')),
      event(said(1, '')),
      event(call('{"k":"REDACTED"}')),
      event(call('')),
    ].join(''),
  );
});

it('leaves every other stream as it came', () => {
  const odd = [piece('data:{"choices": [{"delta":{"content":"sk-3"}}]}\r\n\r', 1), piece('\ndata: x\n\n', 2)];
  expect(withoutSpelt(odd, redact)).toBe(odd);
  const whole = [piece(event(said(0, 'sk-333-ef')), 1)];
  expect(withoutSpelt(whole, redact)).toBe(whole);
  expect(textOf(redactedPieces(whole, redact))).toBe(event(said(0, 'REDACTED')));
});
