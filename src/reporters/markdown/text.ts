/** Text that a server chose, as Markdown that GitHub and GitLab show literally: no links, mentions, images or HTML. */
import { harmless } from '../../text/harmless.ts';

/** Words that no Markdown dialect reads anything into. Whatever else there is goes into a code span. */
const INNOCENT = /^(?!.*(?:www\.|\bGH-\d))[\p{L}\p{N}][\p{L}\p{N} .,()%=+-]*$/iu;

/** In running text. */
export function inline(text: string): string {
  const shown = harmless(text, 500).trim();
  return shown === '' || INNOCENT.test(shown) ? shown : codeSpan(shown);
}

/** A word in which no Markdown dialect reads anything, wherever it stands. */
const INNOCENT_WORD = /^[(“"]?[\p{L}\p{N}][\p{L}\p{N}.,()%=+’'-]*[:;”"]*$|^[–→…✓·]$/u;
/** At the start of a line these would make a list or a heading. */
const INNOCENT_WITHIN = /^[+=]$|^\+\d+$/;
const ALIVE_WORD = /www\.|\bGH-\d/i;

function isPlain(word: string, at: number): boolean {
  if (word === '' || (at > 0 && INNOCENT_WITHIN.test(word))) return true;
  return INNOCENT_WORD.test(word) && !ALIVE_WORD.test(word);
}

/** A sentence that words of a server may stand in: what Markdown might read is put into code, the rest is left as it is. */
export function prose(text: string, longest: number = 2000): string {
  const words = harmless(text, longest).trim().split(' ');
  const parts: { plain: boolean; text: string }[] = [];
  for (const [i, word] of words.entries()) {
    const [plain, last] = [isPlain(word, i), parts.at(-1)];
    if (last?.plain === plain) last.text += ` ${word}`;
    else parts.push({ plain, text: word });
  }
  return parts.map((part) => (part.plain ? part.text : codeSpan(part.text))).join(' ');
}

/** The same in a cell of a table. */
export const cellProse = (text: string): string => prose(text.replaceAll('|', '\\u007c'));

/** A link with such a text. Only where its address leads to the web, and nothing in it ends the link. */
export function link(text: string, address: string): string {
  if (!/^https?:\/\//.test(address) || !URL.canParse(address)) return prose(text);
  const href = new URL(address).href.replace(
    /[()<>|\\`*_~[\]]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16)}`,
  );
  return `[${prose(text)}](${href})`;
}

/** In a cell of a table, where a pipe would end it even inside code, and dialects differ about what escapes it. */
export function cell(text: string): string {
  return inline(text.replaceAll('|', '\\u007c'));
}

/** One line of code, whatever it holds. */
export function codeSpan(text: string): string {
  const fence = longestRun(text, '`') + 1;
  const ticks = '`'.repeat(fence);
  const room = /^[` ]|[` ]$/.test(text) ? ' ' : '';
  return `${ticks}${room}${text}${room}${ticks}`;
}

/** Lines of code, each made harmless, between fences that none of them can close. */
export function codeBlock(
  lines: readonly string[],
  language: string = 'text',
  longest: number = 2000,
): string {
  const shown = lines.map((line) => harmless(line, longest));
  const ticks = '`'.repeat(Math.max(3, longestRun(shown.join('\n'), '`') + 1));
  return `${ticks}${language}\n${shown.join('\n')}\n${ticks}`;
}

/** Code inside an HTML tag such as `<summary>`, where GitHub still looks for mentions, though not in code. */
export function htmlCode(text: string): string {
  const entity = (character: string) => `&#${character.codePointAt(0)};`;
  return `<code>${harmless(text, 500).replace(/[^\p{L}\p{N} .,()-]/gu, entity)}</code>`;
}

function longestRun(text: string, character: string): number {
  let longest = 0;
  let run = 0;
  for (const each of text) {
    run = each === character ? run + 1 : 0;
    longest = Math.max(longest, run);
  }
  return longest;
}
