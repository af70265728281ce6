/** The Markdown of a check's page as data: paragraphs and lists, with code, emphasis and links; the subset those pages use. */

export type Piece =
  | { readonly kind: 'text' | 'code' | 'strong' | 'emphasis'; readonly text: string }
  | { readonly kind: 'link'; readonly text: string; readonly href: string };

export type Block =
  | { readonly kind: 'paragraph'; readonly pieces: readonly Piece[] }
  | { readonly kind: 'list'; readonly items: ReadonlyArray<readonly Piece[]> };

/** Reads Markdown that we wrote ourselves. What it does not know stays visible as text. */
export function proseOf(markdown: string): readonly Block[] {
  const blocks = markdown.split(/\n{2,}/).map((block) => block.trim());
  return blocks.filter(Boolean).map((block): Block => {
    if (!/^[-*] /.test(block)) return { kind: 'paragraph', pieces: piecesOf(block) };
    const items = block.split(/\n(?=[-*] )/).map((item) => piecesOf(item.replace(/^[-*] /, '')));
    return { kind: 'list', items };
  });
}

const PIECES = /`([^`]+)`|\[([^\]]+)\]\((https:\/\/[^\s)]+)\)|\*\*([^*]+)\*\*|\*([^*\s][^*]*)\*/g;

/** Text in a line: code, links, strong and emphasised words. */
export function piecesOf(text: string): readonly Piece[] {
  const joined = text.replace(/\s*\n\s*/g, ' ');
  const out: Piece[] = [];
  const plain = (said: string) => said !== '' && out.push({ kind: 'text', text: said });
  let from = 0;
  for (const match of joined.matchAll(PIECES)) {
    const [whole, code, label, href, strong, emphasis = ''] = match;
    plain(joined.slice(from, match.index));
    if (code !== undefined) out.push({ kind: 'code', text: code });
    else if (label !== undefined && href !== undefined) out.push({ kind: 'link', text: label, href });
    else if (strong !== undefined) out.push({ kind: 'strong', text: strong });
    else out.push({ kind: 'emphasis', text: emphasis });
    from = match.index + whole.length;
  }
  plain(joined.slice(from));
  return out;
}
