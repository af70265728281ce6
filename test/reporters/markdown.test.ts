import { expect, test } from 'vitest';
import { renderMarkdown } from '../../src/reporters/markdown/markdown.ts';
import { cell, codeBlock, codeSpan, htmlCode, inline } from '../../src/reporters/markdown/text.ts';
import { hostile, hostileTexts, invisible } from './hostile.ts';
import {
  allResults,
  fourServers,
  hostileReport,
  sampleOrder,
  sampleReport,
  sampleServer,
  sampleWords,
  silentServer,
} from './sample-report.ts';

const options = { words: sampleWords, order: sampleOrder };

test('a comment of two servers', () => {
  const report = fourServers();
  expect(renderMarkdown({ ...report, servers: report.servers.slice(2) }, options)).toMatchSnapshot();
});

test('a run without findings says so', () => {
  const text = renderMarkdown(sampleReport([sampleServer()]), options);
  expect(text).toMatch(/^## lastchunk: passed\n\n- \*\*.* holds .*\*\*\n\n1 server: 0 fail, /);
});

test('text that is not plainly innocent goes into code that nothing in it can end', () => {
  expect(inline('absent in 14 events')).toBe('absent in 14 events');
  expect(inline('@team')).toBe('`@team`');
  expect(inline('www.example.org')).toBe('`www.example.org`');
  expect(codeSpan('a `b` ``c')).toBe('```a `b` ``c```');
  expect(codeSpan('`x`')).toBe('`` `x` ``');
  expect(cell('a|b')).toBe('`a\\u007cb`');
  expect(htmlCode('</summary>@x')).toBe('<code>&#60;&#47;summary&#62;&#64;x</code>');
  expect(codeBlock(['```', 'a\nb'])).toBe('````text\n```\na\\nb\n````');
});

/** What a renderer would still read: everything outside of code, and outside of the tags that are ours. */
function outsideCode(markdown: string): string {
  return markdown
    .replace(/^(`{3,})[a-z]*\n[\s\S]*?\n\1$/gm, '')
    .replace(/<code>[^<]*<\/code>/g, '')
    .replace(/(?<!`)(`+)(?!`)[^\n]*?(?<!`)\1(?!`)/g, '')
    .replace(/<\/?(?:details|summary|sub)>/g, '')
    .replace(/\(\[OpenAI API reference[^\n]*/g, '');
}

test.each([...hostileTexts, hostile])('a hostile text stays code: %j', (text) => {
  const markdown = renderMarkdown(hostileReport(text), options);
  expect(markdown.replaceAll('\n', '').replaceAll('\ufe0f', '')).not.toMatch(invisible);
  const read = outsideCode(markdown);
  expect(read).not.toMatch(/[<>[\]@`]|https?:|javascript/);
  const tables = markdown.replace(/^(`{3,})[a-z]*\n[\s\S]*?\n\1$/gm, '');
  for (const row of tables.split('\n').filter((line) => line.startsWith('|'))) {
    expect(row.split('|')).toHaveLength(5);
  }
});

test('a large report stays below 60 KB and says what is left out', () => {
  const long = 'x'.repeat(3000);
  const servers = Array.from({ length: 12 }, (_, i) => ({
    ...silentServer('0.2.87', i),
    product: `server-${i}`,
    results: allResults((check, caseId) => ({
      verdict: 'fail',
      observed: `${check}-${caseId.length}: ${long}`,
    })),
  }));
  const text = renderMarkdown(sampleReport(servers), options);
  expect(Buffer.byteLength(text)).toBeLessThan(60_000);
  expect(text).toMatch(/_\d+ more parts did not fit here/);
});

test('a server that was not reached takes one line, not every row', () => {
  const unreached = sampleServer({
    name: 'far',
    product: null,
    version: null,
    halt: { kind: 'unreached', message: 'connection refused' },
    results: allResults(() => ({ verdict: 'error', message: 'connection refused' })),
  });
  const [head = ''] = renderMarkdown(sampleReport([sampleServer(), unreached]), options).split('<details>');
  expect(head).toContain('Everything that was judged passed.');
  expect(head).toContain('- **`far was not judged: connection refused.`**');
  expect(head).not.toContain('❓');
});

test('a shard says which it is; one without a server says that nothing was judged', () => {
  const shard = { index: 3, count: 3, servers: ['a', 'b'], plan: 'p' };
  const text = renderMarkdown(sampleReport([], { shard }), options);
  expect(text).toContain('\n\nNothing was judged.\n\n<sub>');
  expect(text).toContain(', shard 3/3 of 2 servers</sub>');
});
