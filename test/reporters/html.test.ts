import { expect, test } from 'vitest';
import { renderHtml } from '../../src/reporters/html/html.ts';
import { prose } from '../../src/reporters/html/prose.ts';
import { html } from '../../src/reporters/html/template.ts';
import { timeline } from '../../src/reporters/html/timeline.ts';
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

test('links stay the same whatever else was found', () => {
  const idsOf = (page: string) => [...page.matchAll(/ id="([^"]*)"/g)].map(([, id]) => id);
  const { servers, ...rest } = fourServers();
  const all = new Set(idsOf(renderHtml({ servers, ...rest }, options)));
  const fewer = idsOf(renderHtml({ ...rest, servers: servers.slice(1) }, options));
  expect(fewer.filter((id) => !all.has(id))).toEqual([]);
  expect(all).toContain('usage-present-absent--127.0.0.1-8002--chat-stream-asked-text');
});

test('the foot says how the report was made', () => {
  const environment = { command: 'lastchunk check <x>', node: 'v22.1.0', os: 'Linux 6 x64' };
  const page = renderHtml({ ...fourServers(), environment, baselineFile: 'known.yaml' }, options);
  const foot = page.slice(page.indexOf('<footer>'));
  for (const said of ['lastchunk check &lt;x&gt;', 'v22.1.0', 'Linux 6 x64', 'known.yaml', 'seed 42'])
    expect(foot).toContain(said);
});

test('a line of time has a tick for each frame that came, and numbers for those that are shown', () => {
  const frames = [
    { at: 10, data: 'a', number: 2 },
    { at: 99, data: 'b', number: 11 },
    { at: 100, data: 'c', number: 12 },
  ];
  const arrivals = { count: 12, times: [5, 10, 20, 30, 40, 50, 60, 70, 80, 90, 99, 100] };
  const svg = timeline({ frames, curl: '', arrivals })[0]?.html ?? '';
  expect(svg.match(/M\d+ 0v10/g)).toHaveLength(12);
  expect([...svg.matchAll(/<text [^>]*>([^<]*)</g)].map(([, text]) => text)).toEqual([
    ...['2', '11–12', '0 ms, request sent', '12 frames, 100 ms'],
  ]);
});

test('waiting for the first frame takes no more than a third of the line', () => {
  const arrivals = { count: 2, times: [900, 1000] };
  const frames = [{ at: 1000, data: 'b', number: 2 }];
  const svg = timeline({ frames, curl: '', arrivals })[0]?.html ?? '';
  expect(svg).toContain('>900 ms, first frame<');
  expect(svg).toContain('M10 0v10M990 0v10');
});

test('the headline is the first thing that is said', () => {
  const page = renderHtml(fourServers(), options);
  const [, first] = /<header>.*?<li>(.*?)<\/li>/s.exec(page) ?? [];
  expect(first).toMatch(
    /^llama-cpp-python 0\.2\.84: usage-present broken in every chat or completions stream/,
  );
});

test('what helps in this product comes before what helps in general', () => {
  const page = renderHtml(fourServers(), options);
  const at = ['What helps today', 'How to mend it', 'As it came in'].map((words) => page.indexOf(words));
  expect(at).toEqual([...at].sort((a, b) => a - b));
  expect(at).not.toContain(-1);
});
