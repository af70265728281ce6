import { expect, test } from 'vitest';
import { formats } from '../../src/model/report.ts';
import { loadReporter } from '../../src/reporters/index.ts';
import { fourServers, sampleReport, sampleResult, sampleServer, sampleWords } from './sample-report.ts';

const context = { width: 80, colour: false, words: sampleWords };

test.each(formats)('%s is loaded by name, and ends with one line end', async (format) => {
  const render = await loadReporter(format);
  for (const report of [fourServers(), sampleReport([])]) {
    expect(render(report, context)).toMatch(/[^\n]\n$/);
    expect(render(report, { ...context, words: () => undefined })).not.toContain('undefined');
  }
});

test.each(formats)('%s says why no stream was judged', async (format) => {
  const render = await loadReporter(format);
  const results = ['request-answered', 'usage-present'].map((check) =>
    sampleResult(check, 'chat/stream/asked/text', { verdict: 'skip', message: 'refused: no streaming here' }),
  );
  const said = render(sampleReport([sampleServer({ results })]), context).replace(/\s+/g, ' ');
  expect(said).toContain('refused: no streaming here');
  if (format !== 'json')
    expect(said).toContain('could not be judged in any stream: refused: no streaming here');
  if (format === 'junit') expect(said).toContain('tests="3" failures="0" errors="1" skipped="2"');
});

test.each(formats)('%s says which APIs are not served', async (format) => {
  const render = await loadReporter(format);
  const skipped = ['messages', 'ollama-chat'].map((api) =>
    sampleResult('request-answered', `${api}/nonstream/-/text`, {
      verdict: 'skip',
      message: 'not served: HTTP 404',
    }),
  );
  const server = sampleServer({ notServed: ['messages', 'ollama-chat'] });
  const said = render(sampleReport([{ ...server, results: [...server.results, ...skipped] }]), context);
  expect(said.replace(/\s+/g, ' ')).toMatch(
    {
      json: /"notServed": \[ "messages", "ollama-chat" \]/,
      junit: /<property name="not served" value="messages, ollama-chat"/,
    }[format as string] ?? /not served: messages, ollama-chat/,
  );
});

test.each(formats)('%s says which references gave nothing', async (format) => {
  const render = await loadReporter(format);
  const message = 'the reference server gave no counts (HTTP 403)';
  const server = sampleServer({ silentReferences: [{ source: 'server', message }] });
  const said = render(sampleReport([server]), context);
  expect(said.replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ')).toContain(format === 'junit' ? '' : message);
  if (format === 'junit') expect(said).toContain(`<error message="was not compared as asked: ${message}"`);
});

test('where a version is unknown a note says how to name it', async () => {
  const render = await loadReporter('table');
  const known = { product: 'ollama', version: null, baseUrl: 'http://h:1' };
  const said = (server: object) => render(sampleReport([sampleServer(server)]), context).replace(/\s+/g, ' ');
  expect(said(known)).toContain('it does not tell its version: --label "ollama VERSION=http://h:1" names it');
  expect(said({ ...known, version: '1.0' })).not.toContain('--label "ollama');
  expect(said({ ...known, product: null })).not.toContain('--label "');
});
