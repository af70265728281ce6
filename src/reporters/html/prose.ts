/** The sections of a check's page as HTML: paragraphs, lists, code, emphasis and links; the subset those pages use. */
import { type Html, html } from './template.ts';

/** Renders Markdown that we wrote ourselves. What it does not know stays visible as text. */
export function prose(markdown: string): readonly Html[] {
  const blocks = markdown.split(/\n{2,}/).map((block) => block.trim());
  return blocks.filter(Boolean).map((block) => {
    if (!/^[-*] /.test(block)) return html`<p>${inline(block)}</p>`;
    const items = block
      .split(/\n(?=[-*] )/)
      .map((item) => html`<li>${inline(item.replace(/^[-*] /, ''))}</li>`);
    return html`<ul>${items}</ul>`;
  });
}

const PIECES = /`([^`]+)`|\[([^\]]+)\]\((https:\/\/[^\s)]+)\)|\*\*([^*]+)\*\*|\*([^*\s][^*]*)\*/g;

function inline(text: string): readonly Html[] {
  const joined = text.replace(/\s*\n\s*/g, ' ');
  const out: Html[] = [];
  let from = 0;
  for (const match of joined.matchAll(PIECES)) {
    const [whole, code, label, href, strong, emphasis] = match;
    out.push(html`${joined.slice(from, match.index)}`);
    if (code !== undefined) out.push(html`<code>${code}</code>`);
    else if (label !== undefined && href !== undefined) out.push(html`<a href="${href}">${label}</a>`);
    else if (strong !== undefined) out.push(html`<strong>${strong}</strong>`);
    else out.push(html`<em>${emphasis}</em>`);
    from = match.index + whole.length;
  }
  return [...out, html`${joined.slice(from)}`];
}
