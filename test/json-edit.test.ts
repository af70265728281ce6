import fc from 'fast-check';
import { expect, it } from 'vitest';
import { isJsonObject } from '../src/model/json.ts';
import { withMember } from '../src/text/json-edit.ts';

const PATH = ['options', 'ask'];

it.each([
  ['{}', '{"options":{"ask":true}}'],
  [' { } ', ' {"options":{"ask":true} } '],
  ['{"a":1.0, "b":12345678901234567890}', '{"a":1.0, "b":12345678901234567890,"options":{"ask":true}}'],
  ['{\n  "a": "\\u00e9"\n}\n', '{\n  "a": "\\u00e9","options":{"ask":true}\n}\n'],
  ['{"options":null,"a":1}', '{"options":{"ask":true},"a":1}'],
  ['{"options":{},"a":1}', '{"options":{"ask":true},"a":1}'],
  ['{"options":{ "x" : 1 },"a":1}', '{"options":{ "x" : 1,"ask":true },"a":1}'],
  ['{"options":{"ask":false , "x":1}}', '{"options":{"ask":true , "x":1}}'],
  ['{"options":{"ask":1},"options":{"ask":2}}', '{"options":{"ask":1},"options":{"ask":true}}'],
  ['{"opt\\u0069ons":{}}', '{"opt\\u0069ons":{"ask":true}}'],
  ['{"a":{"options":{}},"b":["options"]}', '{"a":{"options":{}},"b":["options"],"options":{"ask":true}}'],
])('only the member goes in: %s', (text, edited) => {
  expect(withMember(text, PATH, 'true')).toBe(edited);
});

it.each(['{"options":1}', '{"options":[]}', '{"options":"{"}'])(
  'what is no object is left alone: %s',
  (text) => {
    expect(withMember(text, PATH, 'true')).toBe(null);
  },
);

it('says the same as an edit of the value, however the text is written', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.nat(3), (value, indent) => {
      const edited = withMember(JSON.stringify(value, null, indent), ['k'], '7');
      const parsed: unknown = JSON.parse(edited ?? '');
      expect(isJsonObject(parsed) && parsed).toEqual(JSON.parse(JSON.stringify({ ...value, k: 7 })));
    }),
  );
});
