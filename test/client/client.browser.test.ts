/**
 * `lastchunk/client` where there is no Node: bundled for browsers, and run in a real one (Debian's chromium, driven by
 * playwright-core). Skipped where there is none, unless CI or LASTCHUNK_BROWSER says that there has to be one.
 */
import { existsSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Browser, chromium } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { chatStream, USAGE } from '../watch/watched.ts';
import { bundled } from './bundle.ts';

const executablePath = '/usr/bin/chromium';
const found = existsSync(executablePath);
const needed = Boolean(process.env.CI || process.env.LASTCHUNK_BROWSER);

test('nothing of Node is left in the bundle', async () => {
  const { text, imports } = await bundled();
  expect(imports).toEqual([]);
  expect(text.match(/\bnode:|\bBuffer\b|\bprocess\b|\brequire\(/g)).toBeNull();
});

test.runIf(needed)('chromium is there', () => {
  expect(found, `${executablePath} is missing: apt-get install chromium`).toBe(true);
});

describe.runIf(found)(found ? 'in chromium' : 'skipped: no chromium here (apt-get install chromium)', () => {
  let browser: Browser;
  let server: Server;
  const asked: string[] = [];
  const pieces = (usage: unknown) => chatStream(['Hello', ' ', 'wörld'], usage).split(/(?<=\n\n)/);

  beforeAll(async () => {
    browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
    server = createServer(async (request, response) => {
      if (request.method !== 'POST') {
        response.setHeader('content-type', 'text/html').end('<!doctype html>');
        return;
      }
      let body = '';
      for await (const piece of request) body += piece;
      asked.push(body);
      response.setHeader('content-type', 'text/event-stream');
      for (const piece of pieces(body.includes('include_usage') ? USAGE : null)) response.write(piece);
      response.end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
    server?.closeAllConnections();
    server?.close();
  });

  async function run(script: string): Promise<unknown> {
    const page = await browser.newPage();
    const complaints: string[] = [];
    page.on('pageerror', (error) => complaints.push(error.message));
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    await page.addScriptTag({ content: (await bundled('lastchunk')).text });
    const result: unknown = await page.evaluate(`(async () => { ${script} })()`);
    expect(complaints).toEqual([]);
    return result;
  }

  test('withUsage asks, takes the chunk out and tells', async () => {
    const result = await run(`
      let told;
      const report = new Promise((resolve) => { told = resolve; });
      const fetch = lastchunk.withUsage(window.fetch, { ask: true, onReport: told });
      const body = '{"messages":[],"stream":true,"seed":12345678901234567890}';
      const response = await fetch('/v1/chat/completions', { method: 'POST', body });
      return [await response.text(), response.url.endsWith('/v1/chat/completions'), await report];
    `);
    expect(result).toEqual([
      chatStream(['Hello', ' ', 'wörld'], null),
      true,
      {
        usage: USAGE,
        source: 'server',
        exact: true,
        problems: [],
        end: 'complete',
        finish: ['stop'],
        model: 'm',
        responseId: 'chatcmpl-1',
      },
    ]);
    expect(asked).toEqual([
      '{"messages":[],"stream":true,"seed":12345678901234567890,"stream_options":{"include_usage":true}}',
    ]);
  });

  test('watchUsage watches a response that is left', async () => {
    const result = await run(`
      const given = await window.fetch('/v1/chat/completions', { method: 'POST', body: '{"stream":true}' });
      const { stream, report } = lastchunk.watchUsage(given);
      const reader = stream.body.getReader();
      await reader.read();
      await reader.cancel();
      return (await report).usage;
    `);
    expect(result).toBeNull();
  });
});
