import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { curlCommand } from '../../src/wire/curl.ts';
import {
  isSecretHeader,
  redactor,
  redactUrl,
  secretsOfHeaders,
  secretsOfUrl,
} from '../../src/wire/redact.ts';

describe('secrets', () => {
  it.each([
    'Authorization',
    'x-api-key',
    'api-key',
    'Cookie',
    'proxy-authorization',
    'X-My-Token',
    'client-secret',
    'X-Auth-User',
  ])('%s is one', (name) => {
    expect(isSecretHeader(name)).toBe(true);
  });

  it.each(['content-type', 'x-request-id', 'accept', 'openai-organization'])('%s is none', (name) => {
    expect(isSecretHeader(name)).toBe(false);
  });

  it('are found in headers and URLs', () => {
    const basic = `Basic ${Buffer.from('me:pass-word').toString('base64')}`;
    expect(secretsOfHeaders({ authorization: basic, accept: 'x' })).toContain('pass-word');
    expect(secretsOfHeaders({ Authorization: 'Bearer sk-1' })).toEqual(['Bearer sk-1', 'sk-1']);
    expect(secretsOfUrl('https://me:word@h/?key=k1&sig=s%2F1&v=2&code=c1')).toEqual([
      'k1',
      's/1',
      'c1',
      'word',
    ]);
    expect(secretsOfUrl('no url')).toEqual([]);
  });

  it('go out of any text, the longest first', () => {
    const redact = redactor(['Bearer abcd', 'abcd', 'a"b/c\\d', 'abc']);
    expect(redact('Bearer abcd, abcd, abc')).toBe('REDACTED, REDACTED, abc');
    expect(redact(JSON.stringify({ key: 'a"b/c\\d' }))).toBe('{"key":"REDACTED"}');
    expect(redact(encodeURIComponent('a"b/c\\d'))).toBe('REDACTED');
  });

  it('never survive, whatever they are', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 4 }), fc.string(), fc.string(), (secret, before, after) => {
        const safe = redactor([secret])(before + secret + after);
        expect(safe.replaceAll('REDACTED', '\u0000').includes(secret)).toBe(false);
      }),
    );
  });

  it('go out of URLs', () => {
    expect(redactUrl('https://me:word@h/p?api-key=abc&api-version=1')).toBe(
      'https://h/p?api-key=REDACTED&api-version=1',
    );
    expect(redactUrl('https://h/p?v=1')).toBe('https://h/p?v=1');
    expect(redactUrl('//me:word@h:x')).toBe('//h:x');
  });
});

describe('the curl line', () => {
  const headers = {
    authorization: 'Bearer sk-1',
    'x-api-key': 'sk-2',
    'content-type': 'application/json',
    'user-agent': 'lastchunk',
  };

  it('repeats the request without its secrets', () => {
    const line = curlCommand({ method: 'POST', url: 'http://h/v1?key=k', body: { prompt: "it's" } }, headers);
    expect(line).toBe(
      `curl -N 'http://h/v1?key=REDACTED' -H "authorization: Bearer $KEY" -H "x-api-key: $KEY" -H 'content-type: application/json' -d '{"prompt":"it'\\''s"}'`,
    );
    expect(curlCommand({ method: 'GET', url: 'http://h/', body: null }, {})).toBe("curl -N 'http://h/'");
  });

  it('means to a shell what was sent, and holds no control characters', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (prompt) => {
        const line = curlCommand({ method: 'POST', url: 'http://h/', body: { prompt } }, {});
        expect(line).not.toMatch(/[\p{Cc}\p{Cf}]/u);
        const data = execFileSync('/bin/sh', ['-c', line.replace('curl', 'printf "%s\\n"')], {
          encoding: 'utf8',
        });
        expect(data.split('\n').at(-2)).toBe(
          JSON.stringify({ prompt }).replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, ' '),
        );
      }),
      { numRuns: 30 },
    );
  });
});
