import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cutToLength, harmless, harmlessDeep, harmlessJson } from '../../src/text/harmless.ts';
import { hostileTexts } from './hostile.ts';

const dangerous =
  /[\0-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/;

test.each([
  ['\u001b[31m', '\\x1b[31m'],
  ['a\nb\r\tc', 'a\\nb\\r\\tc'],
  ['\u009b1m\u007f', '\\u009b1m\\u007f'],
  ['\u202eabc\u2066', '\\u202eabc\\u2066'],
  ['\ud800x', '\\ud800x'],
  ['\u{e0001}', '\\udb40\\udc01'],
  ['a ::error::b, ::warning file=x::c', 'a \\u003a:error::b, \\u003a:warning file=x::c'],
  ['##[debug]d [::1]:80 ::ffff:1', '\\u0023#[debug]d [::1]:80 ::ffff:1'],
  [
    '::ERROR::x ##vso[task.setvariable]y ##teamcity[z',
    '\\u003a:ERROR\\u003a:x \\u0023#vso[task.setvariable]y \\u0023#teamcity[z',
  ],
  ['é 漢字 🙂 café', 'é 漢字 🙂 café'],
])('%j is shown as %j', (raw, shown) => {
  expect(harmless(raw)).toBe(shown);
});

test('hostile texts lose what a terminal obeys', () => {
  for (const text of hostileTexts) expect(harmless(text)).not.toMatch(dangerous);
});

test('any text becomes one bounded harmless line, and stays so when it is made harmless twice', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.integer({ min: 1, max: 40 }), (text, limit) => {
      const shown = harmless(text, limit);
      expect(shown).not.toMatch(dangerous);
      expect(shown.length).toBeLessThanOrEqual(limit);
      expect(harmless(shown, limit)).toBe(shown);
    }),
  );
});

test('a long text is cut with a sign, never in the middle of a character', () => {
  expect(harmless('x'.repeat(50), 10)).toBe(`${'x'.repeat(9)}…`);
  expect(cutToLength('ab🙂🙂', 4)).toBe('ab…');
});

test('every string of a value is made harmless', () => {
  expect(harmlessDeep({ a: ['\u001b'], b: { c: '\0' }, d: 1, e: null })).toEqual({
    a: ['\\x1b'],
    b: { c: '\\x00' },
    d: 1,
    e: null,
  });
});

test('a JSON document stays the same document', () => {
  const value = { text: hostileTexts, 'k\u202e': 1 };
  const document = harmlessJson(JSON.stringify(value, null, 2));
  expect(document.replaceAll('\n', '')).not.toMatch(dangerous);
  expect(JSON.parse(document)).toEqual(value);
});
