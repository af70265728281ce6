/** The sections of a check's page for a terminal: wrapped, with colours; in a pipe the same lines without any. */
import { type Piece, piecesOf, proseOf } from '../shared/prose.ts';
import { wrapToColumns } from './columns.ts';
import { paletteOf } from './palette.ts';

export interface ProseOptions {
  readonly width: number;
  readonly colour: boolean;
}

/** Renders Markdown that we wrote ourselves; blocks are a blank line apart, and it ends with a line end. */
export function proseText(markdown: string, options: ProseOptions): string {
  const lines = (pieces: readonly Piece[], first: string, others: string) =>
    wrapToColumns(joined(pieces, options.colour), options.width - first.length).map(
      (text, i) => `${i === 0 ? first : others}${text}\n`,
    );
  return proseOf(markdown)
    .map((block) =>
      block.kind === 'paragraph'
        ? lines(block.pieces, '', '').join('')
        : block.items.flatMap((item) => lines(item, '- ', '  ')).join(''),
    )
    .join('\n');
}

/** One paragraph, without a line end. */
export function paragraph(markdown: string, { width, colour }: ProseOptions, indent: string = ''): string {
  return wrapToColumns(joined(piecesOf(markdown), colour), width - indent.length)
    .map((text) => indent + text)
    .join('\n');
}

function joined(pieces: readonly Piece[], colour: boolean): string {
  return pieces.map((piece) => painted(piece, colour)).join('');
}

function painted(piece: Piece, colour: boolean): string {
  const { strong, faint, code } = paletteOf(colour);
  switch (piece.kind) {
    case 'code':
      return colour ? wordByWord(piece.text, code) : `\`${piece.text}\``;
    case 'link':
      // A URL stands as it is: terminals find it.
      return `${wordByWord(piece.text, strong)} ${faint('<')}${piece.href}${faint('>')}`;
    case 'strong':
    case 'emphasis':
      return wordByWord(piece.text, strong);
    case 'text':
      return piece.text;
  }
}

/** So that a line may be broken between them. */
function wordByWord(text: string, paint: (word: string) => string): string {
  const words = text.split(' ');
  return words.map((word) => (word === '' ? '' : paint(word))).join(' ');
}
