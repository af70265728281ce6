/** Text that a server chose, as Markdown that GitHub and GitLab show literally: no links, mentions, images or HTML. */
import { harmless } from '../../text/harmless.ts';

/** Words that no Markdown dialect reads anything into. Whatever else there is goes into a code span. */
const INNOCENT = /^(?!.*(?:www\.|\bGH-\d))[\p{L}\p{N}][\p{L}\p{N} .,()%=+-]*$/iu;

/** In running text. */
export function inline(text: string): string {
  const shown = harmless(text, 500).trim();
  return shown === '' || INNOCENT.test(shown) ? shown : codeSpan(shown);
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
