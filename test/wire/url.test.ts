import { describe, expect, it } from 'vitest';
import { apiOf } from '../../src/apis/index.ts';
import {
  apiUrl,
  endpointRoots,
  endpointUrl,
  parseServerUrl,
  productRoots,
  ServerUrlError,
} from '../../src/wire/url.ts';

function urls(text: string): readonly string[] {
  const server = parseServerUrl(text);
  return endpointRoots(server).map((root) => endpointUrl(server, root, '/chat/completions'));
}

describe('where the endpoints are', () => {
  it.each([
    ['http://h:8080', ['http://h:8080/v1/chat/completions', 'http://h:8080/chat/completions']],
    ['http://h:8080/', ['http://h:8080/v1/chat/completions', 'http://h:8080/chat/completions']],
    ['HTTP://h:8080/v1/', ['http://h:8080/v1/chat/completions']],
    ['http://h//v1//', ['http://h/v1/chat/completions']],
    ['http://[::1]:8080', ['http://[::1]:8080/v1/chat/completions', 'http://[::1]:8080/chat/completions']],
    ['http://h/prefix', ['http://h/prefix/v1/chat/completions', 'http://h/prefix/chat/completions']],
    [
      'https://openrouter.ai/api',
      ['https://openrouter.ai/api/v1/chat/completions', 'https://openrouter.ai/api/chat/completions'],
    ],
    ['https://api.groq.com/openai/v1', ['https://api.groq.com/openai/v1/chat/completions']],
    [
      'https://ark.cn-beijing.volces.com/api/v3',
      ['https://ark.cn-beijing.volces.com/api/v3/chat/completions'],
    ],
    [
      'https://h/v1beta/openai/',
      ['https://h/v1beta/openai/chat/completions', 'https://h/v1beta/openai/v1/chat/completions'],
    ],
    [
      'https://x.openai.azure.com/openai/deployments/m?api-version=2024-10-21',
      [
        'https://x.openai.azure.com/openai/deployments/m/chat/completions?api-version=2024-10-21',
        'https://x.openai.azure.com/openai/deployments/m/v1/chat/completions?api-version=2024-10-21',
      ],
    ],
    ['https://h/v1/chat/completions?a=b#c', ['https://h/v1/chat/completions?a=b']],
    ['https://h/chat/completions', ['https://h/chat/completions']],
    ['https://h/x/v1/models', ['https://h/x/v1/chat/completions']],
  ])('%s', (text, expected) => {
    expect(urls(text)).toEqual(expected);
  });

  it.each([
    ['http://h:1/v1', ['http://h:1']],
    ['http://h:1/a/v1', ['http://h:1/a', 'http://h:1']],
    ['http://h:1/a', ['http://h:1/a', 'http://h:1']],
  ])('a product’s own: %s', (text, expected) => {
    expect(productRoots(parseServerUrl(text))).toEqual(expected);
  });
});

describe('an endpoint with the model in its path', () => {
  const urlsOf = (text: string, model = 'm') => {
    const server = parseServerUrl(text);
    const [root = ''] = endpointRoots(server);
    const { endpoint } = apiOf('gemini');
    return (['nonstream', 'stream'] as const).map((mode) => apiUrl(server, root, endpoint, mode, model));
  };
  const ENDPOINT = 'http://h/v1beta/models/m';

  it.each([
    'http://h',
    'http://h/v1',
    'http://h/v1beta',
    'http://h/v1beta/models',
    'http://h/v1beta/models/other:generateContent',
    'http://h/v1beta/models/a/b:streamGenerateContent?alt=sse',
  ])('%s', (text) => {
    expect(urlsOf(text)).toEqual([
      `${ENDPOINT}:generateContent`,
      `${ENDPOINT}:streamGenerateContent?alt=sse`,
    ]);
  });

  it('has the query of the server beside its own', () => {
    expect(urlsOf('http://h/v1beta/models/m:streamGenerateContent?alt=sse&a=b')).toEqual([
      `${ENDPOINT}:generateContent?a=b`,
      `${ENDPOINT}:streamGenerateContent?a=b&alt=sse`,
    ]);
  });

  it.each([
    ['openai/gpt:8b', 'openai/gpt%3A8b'],
    ['a b?c#d', 'a%20b%3Fc%23d'],
    ['half \ud800', 'half%20%EF%BF%BD'],
    ['$&', '%24%26'],
  ])('a model named %j', (model, written) => {
    expect(urlsOf('http://h', model)[0]).toBe(`http://h/v1beta/models/${written}:generateContent`);
  });
});

describe('credentials', () => {
  it('become a header', () => {
    const server = parseServerUrl('http://me:p%40ss@h/v1');
    expect(server.authorization).toBe(`Basic ${Buffer.from('me:p@ss').toString('base64')}`);
    expect(JSON.stringify(endpointRoots(server)) + server.origin).not.toContain('p@ss');
    expect(parseServerUrl('http://h').authorization).toBeNull();
  });
});

describe('a bad URL', () => {
  it.each([
    ['', 'empty'],
    ['localhost:8080', 'did you mean http://localhost:8080 ?'],
    ['127.0.0.1:8080/v1', 'did you mean http://127.0.0.1:8080/v1 ?'],
    ['me:secret@h:80', 'did you mean http://h:80 ?'],
    ['ftp://h', 'ftp:// is not supported'],
    ['http://h:99999', 'port 99999 is out of range'],
    ['http://h:0/v1', 'port 0 is out of range'],
    ['http://', 'no valid URL'],
    ['http://h:port', 'no valid URL'],
    ['http://a b', 'white space'],
    ['http://h\u001b[31m', 'white space'],
  ])('%j', (text, message) => {
    const parse = () => parseServerUrl(text);
    expect(parse).toThrow(ServerUrlError);
    expect(parse).toThrow(message);
    expect(parse).not.toThrow(/\n|\u001b|secret/);
  });

  it.each([
    'http://user:pa/ssSECRET@h/v1',
    'http://user:pa?SECRET@h',
    'http://user:pa#SECRET@h/v1',
    'http://user:p@SECRET@h:99999',
    'http://user:SEC RET@h',
    'htp://user:SECRET@h',
    'http:/user:SECRET@h',
    'http//user:SECRET@h:80',
    'user:SECRET@h',
    'user:SECRET',
    'http://user:SECRET',
    'http://user:SECRET@h:0',
    'http://user%3ASECRET%40h:80:80',
    'http://h:99999/v1?key=SECRET',
    'http://h:99999/v1?to=a@b&key=SECRET',
    'http://h:99999/v1#SECRET',
    'h:80/v1?key=SECRET',
  ])('%s is told without its credentials', (text) => {
    let message = '';
    try {
      parseServerUrl(text);
    } catch (error) {
      message = String(error);
    }
    expect(message).toMatch(/^ServerUrlError: "/);
    expect(message).not.toMatch(/SEC|RET|pa[/?#]|key=/);
  });
});
