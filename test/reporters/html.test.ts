import { expect, test } from 'vitest';
import { renderHtml } from '../../src/reporters/html/html.ts';
import { prose } from '../../src/reporters/html/prose.ts';
import { html } from '../../src/reporters/html/template.ts';
import { hostile, hostileTexts, invisible } from './hostile.ts';
import { fourServers, hostileReport, sampleOrder, sampleReport, sampleWords } from './sample-report.ts';

const options = { words: sampleWords, order: sampleOrder };

test('templates escape whatever is put into them, once', () => {
  const inner = html`<b>${'<i>&"\u202e'}</b>`;
  expect(html`<p title="${'"'}">${[inner, ' ', 1, null, false]}</p>`.html).toBe(
    '<p title="&quot;"><b>&lt;i&gt;&amp;&quot;\\u202e</b> 1</p>',
  );
});

test('the prose of a page becomes paragraphs, lists, code and links', () => {
  const text =
    'One *two*\nthree [four](https://example.org/a_b).\n\n- `a<b`\n- **c**\n  d\n- [x](javascript:alert(1))';
  expect(
    prose(text)
      .map((block) => block.html)
      .join('\n'),
  ).toBe(
    '<p>One <em>two</em> three <a href="https://example.org/a_b">four</a>.</p>\n' +
      '<ul><li><code>a&lt;b</code></li><li><strong>c</strong> d</li><li>[x](javascript:alert(1))</li></ul>',
  );
});

test.each([...hostileTexts, hostile])('a hostile text becomes no markup: %j', (text) => {
  const page = renderHtml(hostileReport(text), options);
  const reference = renderHtml(hostileReport('plain'), options);
  expect(tagsOf(page)).toEqual(tagsOf(reference));
  expect(page.replaceAll('\n', '')).not.toMatch(invisible);
});

/** Every tag with its attributes' names, in order. */
function tagsOf(page: string): readonly string[] {
  return [...page.matchAll(/<[!/a-z][^>]*>/g)].map(([tag]) => tag.replace(/="[^"]*"/g, '=""'));
}

test('the page names nothing to load', () => {
  const page = renderHtml(fourServers(), options);
  expect(page).not.toMatch(/<(?:script|img|iframe|link)[^>]+(?:src|href)="(?!data:)/);
  expect(page).toMatch(/default-src 'none'.*style-src 'sha256-[^']+'; script-src 'sha256-[^']+'/);
});

test('an empty report is a page as well', () => {
  expect(renderHtml(sampleReport([]), options)).toContain('Nothing was judged.');
});
