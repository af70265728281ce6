/** HTML as a type: whatever is put into a template is escaped, unless it is HTML from another template. */
import { harmless } from '../../text/harmless.ts';

/** HTML that may stand in a page as it is. */
export interface Html {
  readonly html: string;
}

type Content = Html | string | number | null | false | undefined | readonly Content[];

/** Fills a template. Strings are made visible (no control characters, no direction marks), then escaped. */
export function html(parts: TemplateStringsArray, ...contents: readonly Content[]): Html {
  return { html: parts.map((part, i) => (i === 0 ? part : textOf(contents[i - 1]) + part)).join('') };
}

/** Text that is known to be HTML: the style and the script of the page, nothing that came from outside. */
export function trusted(text: string): Html {
  return { html: text };
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
  '`': '&#96;',
};

function textOf(content: Content): string {
  if (content === null || content === undefined || content === false) return '';
  if (typeof content === 'number') return String(content);
  if (typeof content === 'string') return harmless(content).replace(/[&<>"'`]/g, (c) => ENTITIES[c] ?? '');
  return isList(content) ? content.map(textOf).join('') : content.html;
}

function isList(content: Html | readonly Content[]): content is readonly Content[] {
  return Array.isArray(content);
}
