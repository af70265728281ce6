/** Text measured in terminal columns. Expects text that is already harmless: no control characters, nothing invisible. */
import stringWidth from 'string-width';

const PRINTABLE_ASCII = /^[ -~]*$/;

/** Columns a text takes on a terminal (CJK and emoji take two). */
export function columnsOf(text: string): number {
  return PRINTABLE_ASCII.test(text) ? text.length : stringWidth(text);
}

/** At most `width` columns, with `…` where something was left out. */
export function cutToColumns(text: string, width: number): string {
  if (columnsOf(text) <= width) return text;
  return width < 1 ? '' : `${takeColumns(text, width - 1)}…`;
}

/** At most `width` columns, the middle left out: names often differ only at their end. */
export function cutMiddle(text: string, width: number): string {
  if (columnsOf(text) <= width) return text;
  const head = takeColumns(text, Math.floor(width * 0.35));
  const backwards = [...new Intl.Segmenter().segment(text)].map(({ segment }) => segment).reverse();
  let tail = '';
  for (const segment of backwards) {
    if (columnsOf(segment + tail) > width - columnsOf(head) - 1) break;
    tail = segment + tail;
  }
  return `${head}…${tail}`;
}

/** Padded with spaces to `width` columns. */
export function padToColumns(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - columnsOf(text)));
}

/** The text in lines of at most `width` columns, broken at spaces; links stay whole, even where they are longer. */
export function wrapToColumns(text: string, width: number): readonly string[] {
  return fill(
    text.split(' ').map((word) => ({ text: word, glue: ' ' })),
    width,
  );
}

/** Short items side by side, `glue` between them, in lines of at most `width` columns. */
export function wrapItems(items: readonly string[], width: number, glue: string): readonly string[] {
  return fill(
    items.map((text) => ({ text, glue })),
    width,
  );
}

/** A name in narrow lines, broken at spaces and after hyphens. */
export function wrapName(name: string, width: number): readonly string[] {
  const parts = name.split(' ').flatMap((word) => {
    const pieces = word.split(/(?<=-)/);
    return pieces.map((text, i) => ({ text, glue: i === 0 ? ' ' : '' }));
  });
  return fill(parts, width);
}

interface Part {
  readonly text: string;
  /** What joins it to the part before, on the same line. */
  readonly glue: string;
}

function fill(parts: readonly Part[], width: number): readonly string[] {
  const lines: string[] = [];
  let line: string | undefined;
  for (const part of parts) {
    if (line !== undefined && columnsOf(line + part.glue + part.text) <= width) {
      line += part.glue + part.text;
      continue;
    }
    if (line !== undefined) lines.push(line);
    line = part.text;
    while (columnsOf(line) > width && !/^[("<]?https?:/.test(line)) {
      const head = takeColumns(line, width) || line.slice(0, 1);
      lines.push(head);
      line = line.slice(head.length);
    }
  }
  if (line !== undefined) lines.push(line);
  return lines;
}

function takeColumns(text: string, width: number): string {
  let taken = '';
  let columns = 0;
  for (const { segment } of new Intl.Segmenter().segment(text)) {
    columns += columnsOf(segment);
    if (columns > width) break;
    taken += segment;
  }
  return taken;
}
