import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  isSecretHeader,
  redactor,
  redactUrl,
  secretsOfHeaders,
  secretsOfProxies,
  secretsOfUrl,
  secretsOfWords,
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
    'x-passwd',
    'x-session-id',
    'x-jwt',
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

  it('are the parts of compound headers', () => {
    const cookie = secretsOfHeaders({ cookie: 'sid=SESSION; theme="dark blue"; b=2' });
    expect(cookie).toEqual(expect.arrayContaining(['SESSION', 'dark blue']));
    expect(cookie).not.toContain('2');
    const signed = 'AWS4-HMAC-SHA256 Credential=AKIA1/eu/s3, SignedHeaders=host;range, Signature=fe5f801d';
    expect(secretsOfHeaders({ authorization: signed })).toEqual(
      expect.arrayContaining(['fe5f801d', 'AKIA1/eu/s3']),
    );
    const token = secretsOfHeaders({ authorization: 'Bearer eyJhbGciOi.eyJzdWIiOi.c2lnbmF0dXJl' });
    expect(token).toContain('c2lnbmF0dXJl');
  });

  it('are the values of all headers that are not known to be harmless', () => {
    expect(secretsOfHeaders({ 'x-anything': 'hidden' })).toEqual(['hidden']);
    expect(secretsOfHeaders({ 'anthropic-version': '2023-06-01', 'x-model': 'toy-model', te: 'x' })).toEqual(
      [],
    );
  });

  it.each(['1', 'true', 'json', 'tokens', '1234567'])(
    'a short or common value (%s) is one in its header alone',
    (value) => {
      const redact = redactor(secretsOfHeaders({ 'x-anything': value }));
      expect(redact(`${value} tokens, "n": ${value}`)).toBe(`${value} tokens, "n": ${value}`);
      expect(redact(`got X-Anything: ${value}.`)).toBe('got REDACTED.');
      expect(redact(JSON.stringify({ 'x-anything': value }))).toBe('{"REDACTED}');
    },
  );

  it('are a key in place of a user, and passwords of proxies', () => {
    expect(secretsOfUrl('http://sk-key@h')).toEqual(['sk-key']);
    expect(secretsOfUrl('http://sk-key-12345:x@h')).toEqual(['sk-key-12345', 'x']);
    const basic = `Basic ${Buffer.from('sk-key:').toString('base64')}`;
    expect(secretsOfHeaders({ authorization: basic })).toContain('sk-key');
    expect(secretsOfProxies({ HTTPS_PROXY: 'http://me:p%40ssword@proxy:1', NO_PROXY: 'h' })).toEqual([
      'p@ssword',
    ]);
  });

  it('are found in the words of a command', () => {
    const words = [
      'serve',
      '--api-key',
      'sk-1',
      '--token=sk-2',
      'HF_TOKEN=sk-3',
      '--port',
      '80',
      'http://a:sk-4@h',
    ];
    expect(secretsOfWords(words)).toEqual(['sk-1', 'sk-2', 'sk-3', 'sk-4']);
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
    expect(redactUrl('/login?key=abc')).toBe('/login?…');
    expect(redactUrl('https://h/p#key')).toBe('https://h/p');
  });
});
