/** Takes items out of a YAML list and puts others at its end, and leaves every other letter of the text as it was. */
import { Document, isNode, type YAMLSeq } from 'yaml';

/** @returns null where the list is not written one item a line, or none of it would be left */
export function editedList(
  text: string,
  list: YAMLSeq,
  kept: readonly boolean[],
  added: readonly unknown[],
): string | null {
  const places = placesOf(text, list);
  const [first] = places;
  const last = places.at(-1);
  if (first === undefined || last === undefined) return null;
  if (added.length === 0 && !kept.includes(true)) return null;
  const end = text.includes('\r\n') ? '\r\n' : '\n';
  const written = added.map((item) =>
    indented(new Document([item]).toString({ lineWidth: 0 }), first.indent),
  );
  const stays = places.filter((_, i) => kept[i] ?? true).map(({ from, to }) => text.slice(from, to));
  const head = [text.slice(0, first.from), ...stays].join('');
  const newline = head.endsWith('\n') || written.length === 0 ? '' : end;
  return [head, newline, ...written.map((lines) => lines.replaceAll('\n', end)), text.slice(last.to)].join(
    '',
  );
}

interface Place {
  readonly from: number;
  readonly to: number;
  readonly indent: string;
}

/** Whole lines. What stands above an item belongs to it; what stands above the first, to the list. */
function placesOf(text: string, list: YAMLSeq): readonly Place[] {
  const { srcToken } = list;
  if (srcToken?.type !== 'block-seq') return [];
  const places: Place[] = [];
  for (const [i, node] of list.items.entries()) {
    const dash = srcToken.items[i]?.start.find(({ type }) => type === 'seq-item-ind')?.offset;
    if (dash === undefined || !isNode(node) || !node.range) return [];
    const line = text.lastIndexOf('\n', dash) + 1;
    const indent = text.slice(line, dash);
    if (indent.trim() !== '') return [];
    const newline = text.indexOf('\n', text.slice(0, node.range[1]).trimEnd().length);
    places.push({
      from: places.at(-1)?.to ?? line,
      to: newline < 0 ? text.length : newline + 1,
      indent,
    });
  }
  return places;
}

function indented(lines: string, indent: string): string {
  return lines.replace(/^(?=.)/gm, indent);
}
