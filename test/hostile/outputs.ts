/** What must hold of every output, whatever a server or a file said. */
import { expect } from 'vitest';
import { reportContext } from '../../src/commands/support/terminal-context.ts';
import { type Format, formats, type Report } from '../../src/model/report.ts';
import { loadReporter } from '../../src/reporters/index.ts';
import { invisible } from '../reporters/hostile.ts';

export type Rendered = Readonly<Record<Format, string>>;

/** The report as each output shows it, with every row and case. */
export async function renderedIn(report: Report): Promise<Rendered> {
  const all = formats.map(async (format) => {
    const render = await loadReporter(format);
    return [format, render(report, { ...reportContext(false), verbose: true })] as const;
  });
  return Object.fromEntries(await Promise.all(all)) as Rendered;
}

const STACK = /^\s+at .+[(/].+:\d+:\d+\)?$/m;
const V8_TRACE = /<--- Last few GCs --->|FATAL ERROR/;

/** The secret, and as JSON, URLs and base64 write it. */
export function formsOf(secret: string): readonly string[] {
  const base64 = [0, 1, 2].map((shift) =>
    // What stays the same wherever the secret begins among what is encoded.
    Buffer.from('x'.repeat(shift) + secret)
      .toString('base64')
      .slice(4, -4),
  );
  return [
    secret,
    JSON.stringify(secret).slice(1, -1).replaceAll('/', '\\/'),
    secret.replaceAll('/', '\\u002f'),
    secret.replaceAll('/', '\\u002F'),
    encodeURIComponent(secret),
    encodeURIComponent(secret).replace(/%../g, (code) => code.toLowerCase()),
    encodeURIComponent(secret).replaceAll('%2B', '+'),
    ...base64,
    ...base64.map((text) => text.replaceAll('+', '-').replaceAll('/', '_')),
  ];
}

/** One line after the other of printable text; no stack trace; no secret in any spelling. */
export function expectHarmlessText(text: string, secrets: readonly string[], what: string): void {
  expect(invisible.exec(text.replaceAll('\n', ''))?.[0], `${what}: control characters`).toBeUndefined();
  expect(STACK.exec(text)?.[0] ?? V8_TRACE.exec(text)?.[0], `${what}: a stack trace`).toBeUndefined();
  for (const form of secrets.flatMap(formsOf))
    expect(text.includes(form), `${what}: the secret as ${form}`).toBe(false);
}

export function expectHarmless(rendered: Rendered, secrets: readonly string[]): void {
  for (const [format, text] of Object.entries(rendered)) expectHarmlessText(text, secrets, format);
}
