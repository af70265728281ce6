/** Usage is asked for in the text of a request, and everything else in it stays as it is written. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chat } from '../../src/apis/chat.ts';
import { isJsonObject, parseJson } from '../../src/model/json.ts';

function added(text: string): string | null {
  const body = parseJson(text);
  return chat.asking?.added(text, isJsonObject(body) ? body : {}) ?? null;
}

const INCLUDED = '"include_usage":true';

describe('the option goes in', () => {
  it.each([
    ['{"stream":true}', `{"stream":true,"stream_options":{${INCLUDED}}}`],
    [' {\n "seed": 12345678901234567890,\n "t": 1.0,\n "stream": true\n}\n', null],
    ['{"stream":true,"stream_options":null}', `{"stream":true,"stream_options":{${INCLUDED}}}`],
    ['{"stream_options" : null ,"stream":true}', `{"stream_options" : {${INCLUDED}} ,"stream":true}`],
    ['{"stream_options":{ },"stream":true}', `{"stream_options":{${INCLUDED} },"stream":true}`],
    [
      '{"stream_options":{"a":[1.0]},"stream":true}',
      `{"stream_options":{${INCLUDED},"a":[1.0]},"stream":true}`,
    ],
    [
      '{"stream_options":{"include_usage":false},"stream":true}',
      `{"stream_options":{${INCLUDED}},"stream":true}`,
    ],
    [
      '{"stream_options":{"include_usage" : null , "a":1},"stream":true}',
      '{"stream_options":{"include_usage" : true , "a":1},"stream":true}',
    ],
    [
      '{"stream_options":{"include_usage":true},"stream":true,"stream_options":{"include_usage":false}}',
      '{"stream_options":{"include_usage":true},"stream":true,"stream_options":{"include_usage":true}}',
    ],
    [
      '{"stream_options":{"include_\\u0075sage":false},"stream":true}',
      '{"stream_options":{"include_\\u0075sage":true},"stream":true}',
    ],
    [
      '{"a":{"stream_options":null},"stream":true}',
      `{"a":{"stream_options":null},"stream":true,"stream_options":{${INCLUDED}}}`,
    ],
  ])('%s', (text, expected) => {
    const trimmed = text.trimEnd();
    const atItsEnd = `${trimmed.slice(0, -1).trimEnd()},"stream_options":{${INCLUDED}}\n}\n`;
    expect(added(text)).toBe(expected ?? atItsEnd);
  });

  it.each([
    '{"stream":true,"stream_options":{"include_usage":true}}',
    '{"stream":false}',
    '{"stream":"true"}',
    '{}',
    '{"stream":true,"stream_options":[]}',
    '{"stream":true,"stream_options":"x"}',
    '[]',
  ])('not into %s', (text) => {
    expect(added(text)).toBeNull();
  });

  it('whatever the request, it says the same and asks', () => {
    const options = fc.option(fc.dictionary(fc.string(), fc.jsonValue()));
    const body = fc.tuple(fc.dictionary(fc.string(), fc.jsonValue()), fc.option(options, { nil: undefined }));
    fc.assert(
      fc.property(body, fc.constantFrom(0, 1, '\t'), ([rest, given], space) => {
        const asked = { ...rest, stream: true, ...(given === undefined ? {} : { stream_options: given }) };
        const text = added(JSON.stringify(asked, null, space));
        expect(JSON.parse(text ?? 'null')).toEqual({
          ...JSON.parse(JSON.stringify(asked)),
          stream_options: { ...(JSON.parse(JSON.stringify(given ?? {})) as object), include_usage: true },
        });
      }),
    );
  });
});

it('a request for the prompt alone has the same prompt, one token, and no stream', () => {
  const request = { messages: [{ role: 'user', content: 'x' }], tools: [], seed: 7 };
  const more = {
    stream: true,
    stream_options: { include_usage: true },
    n: 2,
    logprobs: true,
    top_logprobs: 2,
  };
  expect(chat.promptAlone?.({ ...request, ...more, max_tokens: 16 })).toEqual({ ...request, max_tokens: 1 });
  expect(chat.promptAlone?.({ ...request, max_completion_tokens: 16 })).toEqual({
    ...request,
    max_completion_tokens: 1,
  });
});
