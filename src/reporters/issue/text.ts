/** Our own words in a ticket that is filed elsewhere: nobody is mentioned, and nothing is referred to. */
import type { CheckWords } from '../../model/report.ts';
import { codeSpan } from '../markdown/text.ts';
import { type Piece, piecesOf } from '../shared/prose.ts';

/** A link to a ticket elsewhere would make a mention there. */
export function sourceLink({ title, url }: CheckWords['source']): string {
  if (url === undefined) return ownProse(title);
  return /\/(?:issues|pull|discussions|merge_requests)\//.test(url)
    ? `${ownProse(title)} (${codeSpan(url)})`
    : `[${ownProse(title)}](${url})`;
}

export const ownProse = (markdown: string) => withoutLinks(piecesOf(markdown));

/** Our own words; what Markdown might read a mention or a reference into goes into code. */
export function withoutLinks(pieces: readonly Piece[]): string {
  return pieces
    .map(({ kind, text }) => {
      if (kind === 'code') return codeSpan(text);
      return kind === 'text' ? text.replace(ALIVE, codeSpan) : withoutLinks(piecesOf(text));
    })
    .join('');
}

const ALIVE = /@\w[\w/-]*|#\d+|\bGH-\d+|<[^<>\s]+>|[\w.-]*_[\w.-]*|\*/g;
