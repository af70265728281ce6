import { checkIds } from '../../checks/catalogue.ts';
import { wordsOf } from '../../checks/words.ts';
import type { CheckWords } from '../../model/report.ts';
import { measuredFaults } from '../../products/observed.ts';
import type { ReportContext } from '../../reporters/index.ts';

function columnsTold(text: string | undefined): number | null {
  const told = Number(text);
  return Number.isInteger(told) && told > 0 ? told : null;
}

function wordsOrNone(id: string): CheckWords | undefined {
  // No page is looked for of what a report of another version names.
  if (!checkIds.includes(id)) return undefined;
  try {
    return wordsOf(id);
  } catch {
    return undefined;
  }
}

/** How stdout is to be written to. NO_COLOR and FORCE_COLOR are honoured; a pipe gets COLUMNS or 80 columns, and no colour. */
export function reportContext(colour: boolean): ReportContext {
  const { NO_COLOR, FORCE_COLOR } = process.env;
  const forced = FORCE_COLOR !== undefined && FORCE_COLOR !== '0' && FORCE_COLOR !== 'false';
  const refused = !colour || (NO_COLOR !== undefined && NO_COLOR !== '') || FORCE_COLOR === '0';
  const width = process.stdout.columns ?? columnsTold(process.env.COLUMNS) ?? 80;
  return {
    width: Math.min(Math.max(width, 40), 160),
    colour: !refused && (forced || process.stdout.isTTY === true),
    words: wordsOrNone,
    measured: measuredFaults,
    order: checkIds,
  };
}
