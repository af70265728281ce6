/** A matrix in every format: what it shows, and that nothing in a record can be more than text. */
import { describe, expect, test } from 'vitest';
import { matrixOf } from '../../src/matrix/matrix.ts';
import { loadMatrixReporter, matrixFormats } from '../../src/reporters/matrix/index.ts';
import { ticketsOfMatrix } from '../../src/reporters/matrix/tickets.ts';
import { hostile, hostileTexts, invisible } from './hostile.ts';
import { hostileMatrix, sampleMatrix } from './sample-matrix.ts';
import { sampleWords } from './sample-report.ts';

const context = { width: 80, colour: false, words: sampleWords, tickets: 'tickets' };
const plain = (text: string) => text.replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ');

describe.each(matrixFormats)('%s', (format) => {
  test('ends with one line end, also of nothing and of checks that it does not know', async () => {
    const render = await loadMatrixReporter(format);
    for (const matrix of [sampleMatrix(), matrixOf([], [])]) {
      expect(render(matrix, context)).toMatch(/[^\n]\n$/);
      expect(render(matrix, { ...context, words: () => undefined })).not.toContain('undefined');
    }
  });

  test.skipIf(format === 'json')(
    'says what an upgrade is worth, and which versions have a fault',
    async () => {
      const said = plain((await loadMatrixReporter(format))(sampleMatrix(), context));
      expect(said).toMatch(
        /0\.4 mends 1 fault of versions up to 0\.3, and brings 1 fault that 0\.3 does not have/,
      );
      expect(said).toContain('no check fails in any of the 2 versions measured');
      expect(said).toContain('usage-present broken');
      expect(said).toContain('fails up to 0.3 (2 versions); holds in 0.4');
      expect(said).toContain('not yet reported (looked for on 2026-01-04)');
      expect(said).toContain('toy 0.1 died before it was ready');
      expect(said.replaceAll('`', '')).toContain('it died at chat/stream/asked/json');
    },
  );

  test.each(hostileTexts.map((text, i) => [i, text] as const))(
    'hostile text %i stays text',
    async (_, text) => {
      const said = (await loadMatrixReporter(format))(hostileMatrix(text), context);
      expect(said.replaceAll('\n', '')).not.toMatch(invisible);
      expect(said).not.toMatch(/^::|##\[/m);
    },
  );

  test('huge values stay bounded', async () => {
    const said = (await loadMatrixReporter(format))(hostileMatrix('x'.repeat(20_000)), context);
    expect(said.length).toBeLessThan(2_000_000);
  });

  test('the same matrix gives the same text', async () => {
    const render = await loadMatrixReporter(format);
    expect(render(sampleMatrix(), context)).toBe(render(sampleMatrix(), context));
  });
});

describe('on a terminal', () => {
  test.each([40, 80, 160])('no line is longer than %i columns', async (width) => {
    const render = await loadMatrixReporter('table');
    for (const matrix of [sampleMatrix(), hostileMatrix(hostile)])
      for (const line of render(matrix, { ...context, width }).split('\n'))
        expect(line.length, line).toBeLessThanOrEqual(width);
  });

  test('colours are only where they are wanted', async () => {
    const render = await loadMatrixReporter('table');
    const red = '\u001b[31m';
    expect(render(sampleMatrix(), context)).not.toContain('\u001b[');
    expect(render(sampleMatrix(), { ...context, colour: true })).toContain(`${red}✗ absent`);
  });

  test('looks like this', async () => {
    expect((await loadMatrixReporter('table'))(sampleMatrix(), context)).toMatchSnapshot();
  });
});

describe('in Markdown', () => {
  const render = async (text: string) => (await loadMatrixReporter('markdown'))(hostileMatrix(text), context);
  const outsideCode = (markdown: string) =>
    markdown.replace(/(`{3,})\w*\n[\s\S]*?\n\1/g, '').replace(/(`+)(?!`)[\s\S]*?[^`]\1(?!`)/g, '');

  test('no text of a file makes a link, a mention, an image, HTML or a heading', async () => {
    const alive = outsideCode(await render(hostile));
    expect(alive).not.toMatch(/javascript:|evil\.example\/x|!\[|@team|#1\b|<script|<img/);
    expect(alive.match(/^#.*$/gm)?.some((line) => /heading|owned/.test(line))).toBe(false);
    const tags = [...alive.matchAll(/<(\/?\w+)/g)].map(([, tag]) => tag);
    expect([...new Set(tags)].sort()).toEqual([
      ...['/a', '/code', '/details', '/summary', 'a', 'br', 'code', 'details', 'summary'],
    ]);
  });

  test('each row of a table has as many cells as its head', async () => {
    const tables = (await render('| a | b |')).match(/(?:^\|.*\|\n)+/gm) ?? [];
    expect(tables.length).toBeGreaterThan(0);
    for (const table of tables)
      expect(
        new Set(
          table
            .trim()
            .split('\n')
            .map((row) => row.split('|').length),
        ).size,
        table,
      ).toBe(1);
  });

  test('a link of a note cannot end early', async () => {
    expect(await render('x')).toContain('](https://evil.example/a%29b%7cc)');
  });

  test('what is linked to is there', async () => {
    for (const matrix of [sampleMatrix(), hostileMatrix(hostile)]) {
      const page = (await loadMatrixReporter('markdown'))(matrix, context);
      const ids = new Set([...page.matchAll(/<a id="([^"]+)">/g)].map(([, id]) => id));
      const links = [...page.matchAll(/\]\(#([^)]+)\)/g)].map(([, to]) => to);
      expect(links.length).toBeGreaterThan(0);
      expect(links.filter((to) => !ids.has(to))).toEqual([]);
    }
  });

  test('looks like this', async () => {
    expect((await loadMatrixReporter('markdown'))(sampleMatrix(), context)).toMatchSnapshot();
  });
});

describe('as a page', () => {
  test('nothing is loaded, and only its own style is let in', async () => {
    const page = (await loadMatrixReporter('html'))(hostileMatrix(hostile), context);
    expect(page).not.toMatch(/<script|<img|<iframe|javascript:alert\(4\)"/);
    expect(page).toMatch(/default-src 'none'.*style-src 'sha256-[^']+'; script-src 'none'/);
    expect(page.match(/href="(?!#|data:,|https:\/\/evil\.example\/a|tickets\/)[^"]*"/g)).toBeNull();
  });

  test('what is linked to is there, once', async () => {
    for (const matrix of [sampleMatrix(), hostileMatrix('a')]) {
      const page = (await loadMatrixReporter('html'))(matrix, context);
      const ids = [...page.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
      expect(new Set(ids).size).toBe(ids.length);
      const links = [...page.matchAll(/href="#([^"]+)"/g)].map(([, to]) => to);
      expect(links.filter((to) => !ids.includes(to))).toEqual([]);
    }
  });

  test('a ticket is linked to where tickets are written', async () => {
    const render = await loadMatrixReporter('html');
    expect(render(sampleMatrix(), context)).toContain('href="tickets/toy--usage-last-early.md"');
    const { tickets: _, ...without } = context;
    expect(render(sampleMatrix(), without)).not.toContain('the ticket');
  });
});

describe('tickets', () => {
  test('there is one for each fault that is not reported, and it says what came in which versions', () => {
    const tickets = ticketsOfMatrix(sampleMatrix(), sampleWords);
    expect(tickets.map(({ file }) => file)).toEqual(['toy--usage-last-early.md']);
    expect(tickets[0]?.text).toContain('- Versions: fails in 0.4; holds up to 0.3 (2 versions)');
  });

  test.each(hostileTexts)('%j names no file outside, and mentions nobody', (text) => {
    for (const { file, text: said } of ticketsOfMatrix(hostileMatrix(text), sampleWords)) {
      expect(file).toMatch(/^[\w-][\w.-]*\.md$/);
      expect(said.replaceAll('\n', '')).not.toMatch(invisible);
    }
  });
});
