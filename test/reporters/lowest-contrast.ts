import type { Page } from 'playwright-core';

/** The lowest contrast of a text's colour to the page behind it. */
export async function lowestContrast(page: Page): Promise<number> {
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
