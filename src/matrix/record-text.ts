import type { VersionRecord } from '../model/record.ts';

/** How deep the lines of a record go: each way of asking, and each fault, has one. */
const LEVELS = 3;

/** A record as JSON that is short, and whose lines show in a diff what came out differently. */
export function recordText(record: VersionRecord): string {
  return `${lines(record, 0)}\n`;
}

function lines(value: unknown, level: number): string {
  if (level === LEVELS || typeof value !== 'object' || value === null) return JSON.stringify(value);
  const list = Array.isArray(value);
  const inner = Object.entries(value).map(
    ([key, item]) => `${list ? '' : `${JSON.stringify(key)}: `}${lines(item, level + 1)}`,
  );
  const [open, close] = list ? ['[', ']'] : ['{', '}'];
  if (inner.length === 0) return open + close;
  const indent = ' '.repeat(level + 1);
  return `${open}\n${inner.map((line) => indent + line).join(',\n')}\n${indent.slice(1)}${close}`;
}
