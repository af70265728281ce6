/** However a program writes a secret that it says back, it is known again. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { redactor } from '../../src/wire/redact.ts';

const KEY = 'sk-live/0123456789+se"cré t';
const redact = redactor([KEY]);
const json = (text: string) => JSON.stringify(text).slice(1, -1);
const units = (text: string, form: (code: number) => string) =>
  Array.from({ length: text.length }, (_, at) => form(text.charCodeAt(at))).join('');
const lowerCase = (text: string) => text.replace(/%../g, (byte) => byte.toLowerCase());

it.each([
  ['percent-encoded', encodeURIComponent(KEY)],
  ['percent-encoded in lower case', lowerCase(encodeURIComponent(KEY))],
  ['percent-encoded in part', KEY.replace('/', '%2f').replace('s', '%73')],
  ['percent-encoded twice', encodeURIComponent(encodeURIComponent(KEY))],
  ['as a field of a form', new URLSearchParams({ k: KEY }).toString().slice(2)],
  ['as JSON', json(KEY)],
  ['as JSON of PHP', json(KEY).replaceAll('/', '\\/')],
  ['as JSON in ASCII', units(KEY, (code) => `\\u${code.toString(16).padStart(4, '0')}`)],
  ['with one escape of JSON', json(KEY).replace('/', '\\u002F')],
  ['as JSON within JSON', json(json(KEY).replace('/', '\\u002f'))],
  ['as HTML', KEY.replace('/', '&#x2F;').replace('+', '&#43;').replace('"', '&quot;')],
])('%s', (_how, written) => {
  expect(redact(`it was ${written}.`)).toBe('it was REDACTED.');
});

describe('in base64', () => {
  it.each(['', 'u', 'me', 'me:', 'user:'])('after %j', (before) => {
    for (const coding of ['base64', 'base64url'] as const) {
      const written = Buffer.from(`${before}${KEY}:`).toString(coding);
      const whole = Buffer.from(redact(written).replace('REDACTED', ''), coding).toString();
      expect(redact(written)).toContain('REDACTED');
      expect(whole).not.toContain('0123');
    }
  });
});

it('what stands around it stays, escapes and all', () => {
  expect(redact(`{"a":"\\n%41","b":"${json(KEY)}","c":"\\u00e9&amp;"}`)).toBe(
    '{"a":"\\n%41","b":"REDACTED","c":"\\u00e9&amp;"}',
  );
  fc.assert(
    fc.property(fc.stringMatching(/^[a-d%&\\/"0-9u;#]*$/), (text) => {
      expect(redact(text)).toBe(text);
    }),
  );
});

it('is found whatever each of its characters is written as', () => {
  const spelling = fc.constantFrom<(character: string) => string>(
    (character) => character,
    encodeURIComponent,
    (character) => lowerCase(encodeURIComponent(encodeURIComponent(character))),
    (character) => units(character, (code) => `\\u${code.toString(16).padStart(4, '0')}`),
    (character) => [...Buffer.from(character)].map((byte) => `%${byte.toString(16)}`).join(''),
  );
  const key = 'key/é+1=?"';
  fc.assert(
    fc.property(fc.array(spelling, { minLength: key.length, maxLength: key.length }), (how) => {
      const written = [...key].map((character, at) => how[at]?.(character) ?? character).join('');
      expect(redactor([key])(`<${written}>`)).toBe('<REDACTED>');
    }),
  );
});

it('those that overlap go out as one', () => {
  expect(redactor(['xxab', 'abcdefgh'])('-xxabcdefgh-')).toBe('-REDACTED-');
  expect(redactor(['aaaa'])('aaaaaaa')).toBe('REDACTED');
});

it('one far into a long text with escapes is found, also where two looks at it meet', () => {
  const escaped = encodeURIComponent(KEY);
  for (const length of [256 * 1024 - 20, 300_000]) {
    const text = `%41${'x'.repeat(length)}${escaped}${'y'.repeat(300_000)}`;
    expect(redact(text)).toBe(`%41${'x'.repeat(length)}REDACTED${'y'.repeat(300_000)}`);
  }
});
