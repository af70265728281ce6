/** Text that a terminal, a browser, a CI runner or a Markdown page would obey, in every place, in every output. */
import { describe, expect, it } from 'vitest';
import { renderHtml } from '../../src/reporters/html/html.ts';
import { hostile, hostileTexts } from '../reporters/hostile.ts';
import { hostileReport, sampleOrder, sampleWords } from '../reporters/sample-report.ts';
import { hostileServer, KEY, underAttack } from './attack.ts';
import { expectHarmless, type Rendered } from './outputs.ts';
import { places } from './places.ts';

const tags = (markup: string) =>
  new Set([...markup.matchAll(/<[/?!]?([a-z-]+)/gi)].map(([, name = '']) => name.toLowerCase()));

const attributesOf = (markup: string) =>
  [...markup.matchAll(/<[a-z]+((?:\s+[\w-]+(?:="[^"]*")?)*)\s*\/?>/gi)].flatMap(([, all = '']) =>
    [...all.matchAll(/([\w-]+)(?:="[^"]*")?/g)].map(([, name = '']) => name.toLowerCase()),
  );

/** Those of a report in which everything is shown that can be. */
const OWN_TAGS = tags(renderHtml(hostileReport('plain'), { words: sampleWords, order: sampleOrder }));

/** What a page that is Markdown reads: all that stands outside of code. */
const outsideOfCode = (markdown: string) =>
  markdown
    .replace(/^(`{3,})[a-z]*\n[\s\S]*?\n\1$/gm, '')
    .replace(/<code>[^<]*<\/code>/g, '')
    .replace(/(?<!`)(`+)(?!`)[^\n]*?(?<!`)\1(?!`)/g, '');

function expectInert(rendered: Rendered): void {
  const report: unknown = JSON.parse(rendered.json);
  expect(report).toMatchObject({ schemaVersion: 1, tool: { name: 'lastchunk' } });
  for (const line of rendered.github.trimEnd().split('\n')) {
    expect(line).toMatch(/^::(?:error|warning|notice) title=[^:,\r\n]*::/);
    expect(line.slice(2)).not.toMatch(/::(?:error|warning|set-output|stop-commands)\b|##\[/);
  }
  expect([...tags(rendered.html)].filter((name) => !OWN_TAGS.has(name))).toEqual([]);
  expect(attributesOf(rendered.html).filter((one) => /^on|^src$|^style$/.test(one))).toEqual([]);
  expect([...tags(rendered.junit)].filter((name) => !JUNIT.has(name))).toEqual([]);
  expect(rendered.junit.replace(/<(?:\?xml|\/?[a-z-]+)(?:\s+[\w-]+="[^"<]*")*\s*[/?]?>/g, '')).not.toMatch(
    /[<>]/,
  );
  expect(rendered.junit.replace(/&(?:lt|gt|amp|quot|apos|#\d+|#x[0-9a-f]+);/gi, '')).not.toContain('&');
  expect(outsideOfCode(rendered.markdown)).not.toMatch(
    /<script|<img|javascript:|evil\.example|@team|\*\*bold/i,
  );
}

const JUNIT = new Set([
  ...['testsuites', 'testsuite', 'testcase', 'failure', 'error', 'skipped', 'properties', 'property'],
  ...['system-out', 'xml'],
]);

/** Beyond those that reporters are tried with: a spreadsheet's formula, a link of a terminal, an entity of XML. */
const more = [
  '=HYPERLINK("http://evil.example","x")',
  '\u001b]8;;http://evil.example\u001b\\x',
  '&xxe; <!ENTITY x SYSTEM "file:///etc/passwd">',
  '$(touch x) `touch x` !!',
];

async function expectHeld(place: string, text: string): Promise<void> {
  const habits = places[place];
  if (habits === undefined) throw new Error(`no place ${place}`);
  const { report, rendered } = await underAttack(await hostileServer(habits(text)), { timeoutMs: 2000 });
  expectHarmless(rendered, [KEY]);
  expectInert(rendered);
  expect([0, 1, 3]).toContain(report.exitCode);
}

describe('all of it', () => {
  it.each(Object.keys(places))('in %s', (place) => expectHeld(place, [...more, hostile].join(' ')));
});

describe('each alone, where it is shown', () => {
  it.each([...hostileTexts, ...more])('%j', (text) => expectHeld('finish reasons', text));
});
