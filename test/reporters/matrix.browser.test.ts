/**
 * The page of versions in a real browser: Debian's chromium, driven by playwright-core, without scripts as a reader may have it.
 * Skipped where there is none, unless CI or LASTCHUNK_BROWSER says that there has to be one.
 * LASTCHUNK_SCREENSHOTS=FOLDER keeps pictures of the page, wide and narrow, light and dark.
 */
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Browser, chromium } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Matrix, matrixOf } from '../../src/matrix/matrix.ts';
import { renderMatrixHtml } from '../../src/reporters/matrix/html.ts';
import { withStreams } from '../matrix/records.ts';
import { hostile } from './hostile.ts';
import { lowestContrast } from './lowest-contrast.ts';
import { hostileMatrix, sampleMatrix } from './sample-matrix.ts';
import { sampleWords } from './sample-report.ts';

const executablePath = '/usr/bin/chromium';
const shots = process.env.LASTCHUNK_SCREENSHOTS;
const found = existsSync(executablePath);
const needed = Boolean(process.env.CI || process.env.LASTCHUNK_BROWSER);

test.runIf(needed)('chromium is there', () => {
  expect(found, `${executablePath} is missing: apt-get install chromium`).toBe(true);
});

describe.runIf(found)(found ? 'in chromium' : 'skipped: no chromium here (apt-get install chromium)', () => {
  let browser: Browser;
  let folder: string;
  const page = async (matrix: Matrix, width = 1280, colorScheme: 'light' | 'dark' = 'light') => {
    const file = join(folder, `${Math.random()}.html`);
    await writeFile(file, renderMatrixHtml(matrix, { words: sampleWords, tickets: 'tickets' }));
    const context = { colorScheme, viewport: { width, height: 800 }, javaScriptEnabled: false };
    const opened = await browser.newPage(context);
    const complaints: string[] = [];
    opened.on('console', (message) => complaints.push(message.text()));
    opened.on('dialog', (dialog) => complaints.push(`dialog ${dialog.message()}`));
    opened.on('request', (request) => {
      if (!/^(?:file|data):/.test(request.url())) complaints.push(`request ${request.url()}`);
    });
    await opened.goto(pathToFileURL(file).href);
    return { opened, complaints };
  };

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'lastchunk-matrix-'));
    browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
    await rm(folder, { recursive: true, force: true });
  });

  test.each([
    [1280, 'light'],
    [1280, 'dark'],
    [400, 'light'],
    [400, 'dark'],
  ] as const)('%i px, %s: no complaint, no request, nothing beside the window', async (width, scheme) => {
    const { opened, complaints } = await page(sampleMatrix(), width, scheme);
    expect(complaints).toEqual([]);
    expect(await opened.evaluate('document.documentElement.scrollWidth - innerWidth')).toBeLessThanOrEqual(0);
    expect(await lowestContrast(opened)).toBeGreaterThanOrEqual(4.5);
    if (shots)
      await opened.screenshot({ path: join(shots, `matrix-${width}-${scheme}.png`), fullPage: true });
  });

  test.each([1280, 400])('%i px: the first screen answers whether an upgrade helps', async (width) => {
    const { opened } = await page(sampleMatrix(), width);
    const answer = await opened.locator('.glance .answer').first().boundingBox();
    expect((answer?.y ?? Number.NaN) + (answer?.height ?? 0)).toBeLessThan(800);
  });

  test('a cell leads to its fault', async () => {
    const { opened } = await page(sampleMatrix());
    await opened.locator('.versions td.fail a').first().click();
    const fault = await opened.locator('.fault:target').boundingBox();
    expect(await opened.locator('.fault:target h4').textContent()).toContain('usage-present broken');
    expect(fault?.y).toBeGreaterThanOrEqual(0);
    expect(fault?.y).toBeLessThan(800);
  });

  test('rows that hold everywhere are named in a line, or shown where they are wanted', async () => {
    const { opened } = await page(sampleMatrix());
    const rows = opened.locator('.versions tbody tr:visible th[scope=row]');
    const rest = opened.locator('.versions .rest:visible');
    const [before, lines] = [await rows.count(), await rest.count()];
    expect(lines).toBe(1);
    await opened.getByLabel('show the rows that hold everywhere, too').check();
    expect([await rows.count(), await rest.count()]).toEqual([before + 2, 0]);
  });

  test('with many versions the table scrolls below its head and beside its first column', async () => {
    const records = Array.from({ length: 40 }, (_, i) =>
      withStreams(`1.${i}`, { 'usage-present': i % 2 === 0 ? 5 : { fail: { absent: 1 } } }),
    );
    const { opened } = await page(matrixOf(records, []), 400);
    expect(await opened.evaluate('document.documentElement.scrollWidth - innerWidth')).toBeLessThanOrEqual(0);
    const table = opened.locator('.versions');
    const first = opened.locator('.versions tbody th[scope=row]').first();
    const before = await first.boundingBox();
    await table.evaluate('(box) => { box.scrollLeft = 2000 }');
    expect((await first.boundingBox())?.x).toBe(before?.x);
  });

  test('hostile records run nothing, and their text is there to read', async () => {
    for (const width of [1280, 400]) {
      const { opened, complaints } = await page(hostileMatrix(hostile), width);
      expect(complaints).toEqual([]);
      expect(await opened.locator('body').textContent()).toContain('<script>alert(1)</script>');
      expect(await opened.locator('img, iframe, script, a[href^="javascript"]').count()).toBe(0);
      expect(await opened.evaluate('document.documentElement.scrollWidth - innerWidth')).toBeLessThanOrEqual(
        0,
      );
    }
  });

  test('the keyboard reaches the table of products, and the focus shows', async () => {
    const { opened } = await page(sampleMatrix());
    await opened.keyboard.press('Tab');
    expect(await opened.evaluate('document.activeElement.textContent')).toBe('Skip to the table of products');
    await opened.keyboard.press('Tab');
    await opened.keyboard.press('Tab');
    expect(await opened.evaluate('document.activeElement.textContent')).toBe('good');
    expect(await opened.evaluate('getComputedStyle(document.activeElement).outlineStyle')).toBe('solid');
  });
});
