/**
 * The HTML report in a real browser: Debian's chromium, driven by playwright-core.
 * Skipped where there is none, unless CI or LASTCHUNK_BROWSER says that there has to be one.
 * LASTCHUNK_SCREENSHOTS=FOLDER keeps pictures of the page, light and dark.
 */
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Report } from '../../src/model/report.ts';
import { renderHtml } from '../../src/reporters/html/html.ts';
import { renderJunit } from '../../src/reporters/junit/junit.ts';
import { hostile } from './hostile.ts';
import { fourServers, hostileReport, sampleOrder, sampleWords } from './sample-report.ts';

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
  const page = async (report: Report, colorScheme: 'light' | 'dark' = 'light') => {
    const file = join(folder, `${Math.random()}.html`);
    await writeFile(file, renderHtml(report, { words: sampleWords, order: sampleOrder }));
    const opened = await browser.newPage({ colorScheme, viewport: { width: 1100, height: 800 } });
    const complaints: string[] = [];
    opened.on('console', (message) => complaints.push(message.text()));
    opened.on('pageerror', (error) => complaints.push(error.message));
    opened.on('dialog', (dialog) => complaints.push(`dialog ${dialog.message()}`));
    opened.on('request', (request) => {
      if (!/^(?:file|data):/.test(request.url())) complaints.push(`request ${request.url()}`);
    });
    await opened.goto(pathToFileURL(file).href);
    return { opened, complaints };
  };

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'lastchunk-html-'));
    browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
    await rm(folder, { recursive: true, force: true });
  });

  test.each(['light', 'dark'] as const)('%s: no complaint, no request, the whole table', async (scheme) => {
    const { opened, complaints } = await page(fourServers(), scheme);
    expect(complaints).toEqual([]);
    expect(await opened.locator('#matrix thead th').allTextContents()).toEqual([
      ...['check', 'llama-cpp-python 0.2.84', 'llama-cpp-python 0.2.87', 'llama-cpp-python 0.3.36'],
      'llama.cpp b6000',
    ]);
    expect(await lowestContrast(opened)).toBeGreaterThanOrEqual(4.5);
    if (shots) {
      await opened.screenshot({ path: join(shots, `${scheme}-top.png`) });
      await opened.locator('#f2 > summary').click();
      await opened.locator('#f2').screenshot({ path: join(shots, `${scheme}-finding.png`) });
    }
  });

  test('filters by verdict, server and text, and says how many are left', async () => {
    const { opened, complaints } = await page(fourServers());
    const count = opened.locator('#count');
    const rows = opened.locator('#matrix tr.item:visible');
    const before = await rows.count();
    for (const verdict of ['pass', 'skip', 'warn', 'error'])
      await opened.getByLabel(verdict, { exact: true }).uncheck();
    expect(await rows.locator('th').allTextContents()).toEqual([
      ...['stream-end', 'usage-present', 'usage-total', 'server-survives', 'stream-end', 'usage-present'],
    ]);
    expect(await count.textContent()).toMatch(/^6 of 68 table rows, 4 of 6 findings, 50 of \d+ results$/);
    await opened.locator('select').selectOption({ label: 'llama.cpp b6000' });
    expect(await opened.locator('#matrix thead th:visible').allTextContents()).toEqual([
      'check',
      'llama.cpp b6000',
    ]);
    expect(await opened.locator('details.finding:visible').count()).toBe(2);
    await opened.getByLabel('Search').fill('TWICE stream');
    expect(await rows.count()).toBe(2);
    await opened.getByRole('button', { name: 'Reset' }).click();
    await expect.poll(() => rows.count()).toBe(before);
    expect(complaints).toEqual([]);
  });

  test('the keyboard reaches filters, cells and findings, and the focus shows', async () => {
    const { opened } = await page(fourServers());
    await opened.keyboard.press('Tab');
    expect(await focused(opened)).toBe('Skip to the findings');
    await opened.keyboard.press('Tab');
    expect(await opened.evaluate('document.activeElement.name')).toBe('text');
    await opened.locator('#matrix a').first().focus();
    expect(await opened.evaluate('getComputedStyle(document.activeElement).outlineStyle')).toBe('solid');
    await opened.keyboard.press('Enter');
    await expect.poll(() => opened.locator('details.finding[open]').count()).toBe(1);
    expect(await focused(opened)).toContain('stream-end');
    await opened.keyboard.press('Enter');
    expect(await opened.locator('details.finding[open]').count()).toBe(0);
  });

  test('a hostile report runs nothing, and its text is there to read', async () => {
    const { opened, complaints } = await page(hostileReport(hostile));
    await opened.locator('details.finding').first().evaluate('(details) => { details.open = true }');
    expect(complaints).toEqual([]);
    expect(await opened.locator('body').textContent()).toContain('<script>alert(1)</script>');
    expect(await opened.locator('img, iframe, a[href^="javascript"]').count()).toBe(0);
  });

  test('a narrow window scrolls the table, not the page, however long the names', async () => {
    const { servers, ...rest } = fourServers();
    const named = servers.map((server) => ({ ...server, product: `${server.version}`.padEnd(90, 'x') }));
    const { opened } = await page({ ...rest, servers: named });
    await opened.locator('details.finding summary').first().click();
    await opened.setViewportSize({ width: 360, height: 700 });
    expect(await opened.evaluate('document.documentElement.scrollWidth - innerWidth')).toBeLessThanOrEqual(0);
    if (shots) await opened.screenshot({ path: join(shots, 'narrow.png') });
  });

  test('the JUnit file of a hostile report is well-formed XML', async () => {
    const { opened } = await page(fourServers());
    const xml = JSON.stringify(renderJunit(hostileReport(hostile)));
    const parsed = await opened.evaluate(`(() => {
      const read = new DOMParser().parseFromString(${xml}, 'application/xml');
      return [read.querySelector('parsererror')?.textContent ?? '', read.querySelectorAll('testsuite').length];
    })()`);
    expect(parsed).toEqual(['', 2]);
  });
});

function focused(page: Page): Promise<unknown> {
  return page.evaluate('document.activeElement.textContent');
}

/** The lowest contrast of a text's colour to the page behind it. */
async function lowestContrast(page: Page): Promise<number> {
  return Number(
    await page.evaluate(`(() => {
      const parse = (colour) => colour.match(/[\\d.]+/g).slice(0, 3).map(Number);
      const light = (rgb) => {
        const [r, g, b] = rgb.map((c) => c / 255).map((c) => (c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
      };
      const back = light(parse(getComputedStyle(document.body).backgroundColor));
      const texts = [...document.querySelectorAll('main *, header *')].filter((e) => e.checkVisibility() && !/input|select|button|option/i.test(e.tagName));
      return Math.min(...texts.map((e) => light(parse(getComputedStyle(e).color))).map((l) =>
        (Math.max(l, back) + 0.05) / (Math.min(l, back) + 0.05)));
    })()`),
  );
}
