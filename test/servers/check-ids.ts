/** The ids of the checks, by their pages in docs/checks: this battery knows nothing of the implementation. */
import { readdirSync, readFileSync } from 'node:fs';

const PAGES = new URL('../../docs/checks/', import.meta.url);

/** The id of a check. That there is one is asserted in coverage.test.ts. */
export type CheckId = string;

export const CHECK_IDS: readonly CheckId[] = readdirSync(PAGES)
  .filter((name) => name !== 'README.md')
  .map((name) => name.replace('.md', ''));

/** The newest catalogue that a page names. */
export const NEWEST_CATALOGUE = Math.max(
  ...CHECK_IDS.map((id) => {
    const page = readFileSync(new URL(`${id}.md`, PAGES), 'utf8');
    return Number(/^catalogue: (\d+)$/m.exec(page)?.[1]);
  }),
);

/** They need a reference count. */
export const BEYOND_THE_BATTERY: readonly CheckId[] = [
  'completion-matches-reference',
  'prompt-matches-reference',
];
