/** Whether an upgrade would help, in a sentence. */
import type { Fault } from '../../matrix/faults.ts';
import type { ProductMatrix } from '../../matrix/matrix.ts';
import { plural } from '../../text/plural.ts';
import type { Words } from '../shared/headline-text.ts';
import { faultName, placesWords, worstFirst } from './words.ts';

export interface Answer {
  /** `Yes`, `No`, `In part` … */
  readonly lead: string;
  /** What the lead is for, without a full stop. */
  readonly text: string;
}

export const answerText = ({ lead, text }: Answer): string => `${lead}: ${text}.`;

export function answerOf(product: ProductMatrix, words: Words): Answer {
  const { versions, unavailable, faults } = product;
  const newest = versions.at(-1)?.version;
  if (newest === undefined)
    return {
      lead: 'Not known',
      text:
        unavailable.length === 1
          ? 'the only version tried could not be started'
          : `none of the ${unavailable.length} versions tried could be started`,
    };
  const left = leftWords(
    faults.filter((fault) => fault.newest === 'fails'),
    words,
  );
  if (versions.length === 1)
    return { lead: 'Not known', text: `only ${newest} was measured; ${left ?? 'no check fails in it'}` };
  if (faults.length === 0)
    return { lead: 'No need', text: `no check fails in any of the ${versions.length} versions measured` };
  const mended = upgradeWords(product, 'mends');
  const broken = upgradeWords(product, 'breaks');
  const mends = mended === null ? `${newest} mends nothing` : `${newest} mends ${mended}`;
  if (left === null)
    return {
      lead: 'Yes',
      text: `no check fails in ${newest}${mended === null ? '' : `, which mends ${mended}`}`,
    };
  const brings = broken === null ? '' : `, and brings ${broken}`;
  return { lead: mended === null ? 'No' : 'In part', text: `${mends}${brings}; ${left}` };
}

/** `2 faults of versions up to 0.2.9`; null where it is none. */
function upgradeWords({ upgrades }: ProductMatrix, kind: 'mends' | 'breaks'): string | null {
  const concerned = upgrades.filter((upgrade) => upgrade[kind].length > 0);
  const ids = new Set(concerned.flatMap((upgrade) => upgrade[kind]));
  const versions = concerned.flatMap((upgrade) => upgrade.versions);
  const last = versions.at(-1);
  if (last === undefined) return null;
  const faults = plural(ids.size, 'fault');
  if (kind === 'breaks') return `${faults} that ${last} does not have`;
  return versions.length === 1 ? `${faults} of ${last}` : `${faults} of versions up to ${last}`;
}

/** `it has 6 faults, the worst: no usage in chat streams`; null where none is left. */
function leftWords(faults: readonly Fault[], words: Words): string | null {
  const [worst] = worstFirst(faults, words);
  if (worst === undefined) return null;
  const named = `${faultName(worst, words)} in ${placesWords(worst.places)}`;
  return `it has ${plural(faults.length, 'fault')}${faults.length === 1 ? '' : ', the worst'}: ${named}`;
}
