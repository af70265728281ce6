/** Parts of a Markdown page; what is put into them has to be escaped. */

/** The head first. */
export function table(lines: readonly (readonly string[])[]): string {
  const [head = [], ...rows] = lines;
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

export const folded = (summary: string, content: string): string =>
  `<details><summary>${summary}</summary>\n\n${content}\n\n</details>`;
