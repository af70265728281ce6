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
import { ticketsOf } from '../../src/reporters/issue/tickets.ts';
import { renderJunit } from '../../src/reporters/junit/junit.ts';
import { hostile } from './hostile.ts';
import { lowestContrast } from './lowest-contrast.ts';
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
      await opened.locator('#usage-present-absent > summary').click();
      await opened
        .locator('#usage-present-absent')
        .screenshot({ path: join(shots, `${scheme}-finding.png`) });
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
    expect(await count.textContent()).toMatch(/^4 of 6 findings, 6 of 68 table rows, 50 of \d+ results$/);
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

  test('filters stand in the address, and a page opened there is filtered the same way', async () => {
    const { opened, complaints } = await page(fourServers());
    for (const verdict of ['pass', 'skip', 'warn', 'error'])
      await opened.getByLabel(verdict, { exact: true }).uncheck();
    await opened.locator('select').selectOption({ label: 'llama.cpp b6000' });
    await opened.getByLabel('Search').fill('twice');
    await expect
      .poll(() => opened.evaluate('location.hash'))
      .toBe('#?verdict=fail&server=127.0.0.1-8080&text=twice');
    const said = await opened.locator('#count').textContent();
    const again = await browser.newPage();
    await again.goto(String(await opened.evaluate('location.href')));
    expect(await again.locator('#count').textContent()).toBe(said);
    expect(await again.getByLabel('Search').inputValue()).toBe('twice');
    // A link keeps them.
    await again.locator('#matrix a:visible').first().click();
    await expect
      .poll(() => again.evaluate('location.hash'))
      .toMatch(/^#stream-end-twice\?verdict=fail&server=/);
    expect(await again.locator('details.finding[open]').count()).toBe(1);
    expect(complaints).toEqual([]);
  });

  test.each([
    ['usage-present-absent', 'a finding'],
    ['usage-present', 'a check'],
    ['usage-present-absent--127.0.0.1-8002', 'a server in it'],
    ['usage-present-absent--127.0.0.1-8002--chat-stream-asked-text', 'a case in it'],
  ])('a link to %s opens %s', async (id) => {
    const { opened } = await page(fourServers());
    await opened.evaluate(`location.hash = '${id}'`);
    const folded = `[...document.querySelectorAll('details:not([open])')].some((d) => d.contains(document.getElementById('${id}')))`;
    await expect.poll(() => opened.evaluate(folded)).toBe(false);
    expect(await opened.locator(`[id="${id}"]`).count()).toBe(1);
  });

  test('a link to what this report does not have says so', async () => {
    const { opened } = await page(fourServers());
    await opened.evaluate(`location.hash = 'usage-once-twice'`);
    await expect
      .poll(() => opened.locator('#count').textContent())
      .toContain('usage-once-twice is not in this report');
  });

  test('request, frames and ticket are copied as they are', async () => {
    const { opened, complaints } = await page(fourServers());
    await opened.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    const finding = opened.locator('#usage-present-absent');
    await finding.locator('summary').first().click();
    const copied = async (label: string) => {
      await finding.getByRole('button', { name: label }).first().click();
      const copying = finding.getByRole('button', { name: 'Copied' });
      await expect.poll(() => copying.count(), { timeout: 20_000 }).toBe(1);
      await expect.poll(() => copying.count(), { timeout: 20_000 }).toBe(0);
      return String(await opened.evaluate('navigator.clipboard.readText()'));
    };
    expect(await copied('Copy request')).toMatch(/^curl -sN http:/);
    expect((await copied('Copy frames')).split('\n').at(-1)).toBe('3\t1312\t[DONE]');
    await finding.locator('details.ticket > summary').first().click();
    const [ticket] = ticketsOf(fourServers(), { words: sampleWords, order: sampleOrder }).filter(({ file }) =>
      file.startsWith('usage-present-absent--127.0.0.1-8001'),
    );
    expect(await copied('Copy ticket')).toBe(ticket?.text);
    expect(complaints).toEqual([]);
  });

  test('the remedy is in the first screen of a finding, its cases are folded', async () => {
    const { opened } = await page(fourServers());
    await opened.locator('#usage-present-absent > summary').click();
    const finding = opened.locator('#usage-present-absent');
    const [top, remedy] = await Promise.all([
      finding.boundingBox(),
      finding.getByText('Send the chunk.').boundingBox(),
    ]);
    expect((remedy?.y ?? Number.NaN) - (top?.y ?? Number.NaN)).toBeLessThan(500);
    expect(await finding.locator('details[open]').count()).toBe(0);
    // Findings stand before the table.
    const before = await opened.evaluate(
      `document.getElementById('findings').compareDocumentPosition(document.getElementById('matrix')) & 4`,
    );
    expect(before).toBe(4);
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
    const xml = JSON.stringify(renderJunit(hostileReport(hostile), { words: sampleWords }));
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
