/** A key never shows up in any output, wherever a server puts it. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { chunkOf, events, isContent, isUsage } from '../servers/edits.ts';
import type { Habits } from '../servers/habits.ts';
import { messagesSpeech } from '../servers/messages-speech.ts';
import { type Step, startOther } from '../servers/other-api-server.ts';
import { folder, lastchunk, serving } from './lastchunk.ts';

const KEY = 'sk-live/0123456789+secret';
const FORMATS = ['json', 'junit', 'markdown', 'html', 'github', 'table'];

/** As it is, and as PHP, URLs and Basic authorization write it. */
const FORMS = [
  KEY,
  KEY.replaceAll('/', '\\/'),
  encodeURIComponent(KEY),
  Buffer.from(`me:${KEY}`).toString('base64'),
];

const inAnswers: Habits = {
  mapHeaders: (headers) => ({ ...headers, server: KEY, 'x-key': KEY, 'content-type': `text/${KEY}` }),
  ...events((list) =>
    list.map((event, at) => {
      const chunk = chunkOf(event);
      if (chunk === undefined) return event;
      const filled = { ...chunk, id: `${'i'.repeat(110)}${KEY}${at}`, model: KEY, object: KEY };
      if (isUsage(event))
        return {
          json: { ...filled, usage: { prompt_tokens: KEY, completion_tokens: 8, total_tokens: KEY } },
        };
      return { json: isContent(event) ? { ...filled, pad: 'x'.repeat(3900), more: KEY.repeat(20) } : filled };
    }),
  ),
  mapBody: (body) => ({
    ...body,
    id: KEY,
    usage: { prompt_tokens: KEY, completion_tokens: -1, total_tokens: 3 },
  }),
};
const inModels: Habits = {
  models: (list) => ({
    status: 200,
    body: JSON.stringify({ ...list, data: [{ id: `model-${KEY}`, owned_by: KEY }] }),
  }),
  instead: (c) => ({
    status: 400,
    body: JSON.stringify({ error: { message: `no such field, Bearer ${KEY}`, param: c.mode } }),
  }),
};
const severalModels: Habits = {
  models: () => ({ status: 200, body: JSON.stringify({ data: [{ id: KEY }, { id: `b${KEY}` }] }) }),
};
const refusing: Habits = {
  atDoor: () => ({ status: 401, body: JSON.stringify({ error: `bad key ${KEY}` }).replaceAll('/', '\\/') }),
};
const failing: Habits = {
  instead: () => ({
    status: 500,
    headers: { 'content-type': 'text/html' },
    body: `<h1>${KEY}</h1> ${encodeURIComponent(KEY)}`,
  }),
};

it.each([
  ['in answers', inAnswers, []],
  ['in the model list and in refusals', inModels, []],
  ['in the names of several models', severalModels, []],
  ['in a 401', refusing, []],
  ['in a 500', failing, ['--model', 'toy']],
])('%s', async (_where, habits, more) => {
  const server = await serving(habits);
  const into = folder();
  const url = server.url.replace('//', `//me:${encodeURIComponent(KEY)}@`);
  const keyed = [
    '--api-key-env',
    'KEY',
    '--header',
    `X-Api-Key: ${KEY}`,
    '--body',
    JSON.stringify({ api_key: KEY }),
  ];
  const targets = [`${server.url}?api-key=${encodeURIComponent(KEY)}`, url];
  for (const target of targets) {
    const flags = ['check', target, '--suite', 'smoke', '--timeout', '3s', '--verbose', ...keyed, ...more];
    const outputs = FORMATS.flatMap((format) => ['--output', `${format}=${join(into, format)}`]);
    const { code, stdout, stderr } = await lastchunk([...flags, ...outputs], { KEY });
    const written = code === 2 ? [] : FORMATS.map((format) => readFileSync(join(into, format), 'utf8'));
    for (const text of [stdout, stderr, ...written]) {
      for (const form of FORMS) expect(text).not.toContain(form);
      expect(text).not.toContain('0123456789+secret');
      expect(text).not.toContain('sk-live');
    }
  }
});

it('a key in the header of Messages, said back by its events, answers and recording', async () => {
  const named = (step: Step): Step => ('json' in step ? { ...step, name: KEY } : step);
  const server = await startOther(messagesSpeech, {
    mapSteps: (steps) => steps.map(named),
    mapBody: (body) => ({ ...(body as object), id: KEY, usage: { input_tokens: KEY, output_tokens: -1 } }),
    count: () => ({ status: 200, body: JSON.stringify({ input_tokens: KEY }) }),
  });
  onTestFinished(server.close);
  const into = folder();
  const outputs = FORMATS.flatMap((format) => ['--output', `${format}=${join(into, format)}`]);
  const asked = ['--api', 'messages', '--only', '*/text,*/count', '--api-key-env', 'KEY'];
  const checked = await lastchunk(['check', server.url, '--verbose', ...asked, ...outputs], { KEY });
  const recorded = await lastchunk(['record', server.url, '--out', join(into, 'rec'), ...asked], { KEY });
  const files = [...FORMATS, 'rec/recording.json', 'rec/exchanges.jsonl'];
  const texts = files.map((file) => readFileSync(join(into, file), 'utf8'));
  expect(texts[FORMATS.indexOf('table')]).toContain('"x-api-key: $KEY"');
  for (const text of [checked.stdout, checked.stderr, recorded.stdout, recorded.stderr, ...texts])
    for (const form of [...FORMS, '0123456789+secret', 'sk-live']) expect(text).not.toContain(form);
});

it('the parts of a cookie, any other header, a key as user and a proxy’s password, however they are said back', async () => {
  const secrets = ['session-secret/1', 'anything-secret/2', 'user-secret/3', 'proxy-secret/4'];
  const [session = '', anything = '', user = '', proxy = ''] = secrets;
  const all = secrets.flatMap((secret) => [
    secret,
    encodeURIComponent(secret).toLowerCase(),
    secret.replace('/', '\\u002f'),
    Buffer.from(secret).toString('base64'),
  ]);
  const server = await serving({
    instead: () => ({ status: 400, body: `{"error":{"message":"${all.join(' ')}"}}` }),
  });
  const url = server.url.replace('//', `//${encodeURIComponent(user)}@`);
  const headers = ['--header', `Cookie: sid=${session}; b=2`, '--header', `X-Anything: ${anything}`];
  const into = folder();
  const outputs = FORMATS.flatMap((format) => ['--output', `${format}=${join(into, format)}`]);
  const flags = ['check', url, '--suite', 'smoke', '--model', 'toy', '--verbose', ...headers, ...outputs];
  const { stdout, stderr } = await lastchunk(flags, {
    HTTPS_PROXY: `http://me:${encodeURIComponent(proxy)}@127.0.0.1:9`,
  });
  const written = FORMATS.map((format) => readFileSync(join(into, format), 'utf8'));
  for (const text of [stdout, ...written]) {
    expect(text).toContain('REDACTED');
    for (const form of all) expect(text + stderr).not.toContain(form.slice(0, 14));
  }
});

it.each(['1234', 'none', 'text', 'null', 'stop', 'choices', 'data'])(
  'a key that is no secret (%s) makes no server look broken',
  async (key) => {
    const server = await serving();
    const flags = ['check', server.url, '--suite', 'smoke', '--format', 'json', '--api-key-env', 'KEY'];
    const { code, stdout } = await lastchunk(flags, { KEY: key });
    expect(JSON.parse(stdout).summary).toMatchObject({ fail: 0, warn: 0, error: 0 });
    expect(code).toBe(0);
  },
);
