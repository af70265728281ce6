/** The sections of a check's page as HTML. */
import { type Piece, piecesOf, proseOf } from '../shared/prose.ts';
import { type Html, html } from './template.ts';

/** Renders Markdown that we wrote ourselves. */
export function prose(markdown: string): readonly Html[] {
  return proseOf(markdown).map((block) => {
    if (block.kind === 'paragraph') return html`<p>${block.pieces.map(pieceHtml)}</p>`;
    return html`<ul>${block.items.map((item) => html`<li>${item.map(pieceHtml)}</li>`)}</ul>`;
  });
}

/** The same for a text in a line. */
export function line(markdown: string): readonly Html[] {
  return piecesOf(markdown).map(pieceHtml);
}

function pieceHtml(piece: Piece): Html {
  switch (piece.kind) {
    case 'code':
      return html`<code>${piece.text}</code>`;
    case 'link':
      return html`<a href="${piece.href}">${line(piece.text)}</a>`;
    case 'strong':
      return html`<strong>${line(piece.text)}</strong>`;
    case 'emphasis':
      return html`<em>${line(piece.text)}</em>`;
    case 'text':
      return html`${piece.text}`;
  }
}
