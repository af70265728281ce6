/** What is known of a product's fault, and what helps, in words. */
import type { ServerAdvice } from '../../judge/advice.ts';
import type { Action, Advice } from '../../products/product.ts';

/** @param product its name and version as they are shown */
export function adviceText(product: string, advice: readonly Advice[]): string {
  if (advice.length === 0) return `Nothing is known of ${product} and this check.\n`;
  return advice.map((one) => entry(product, one)).join('\n');
}

function entry(product: string, { fact, apis = [], since, mended, actions }: Advice): string {
  const where = apis.length > 0 ? ` (${apis.join(', ')})` : '';
  const lines = [
    `${product}${where}: ${fact}`,
    '',
    ...(since === undefined ? [] : [`- ${sinceWords(since)}: ${since.link}`]),
    `- ${mendedWords(mended)}: ${mended.link} (looked at on ${mended.checked})`,
    ...actions.map(({ kind, text, link }) => {
      const only = kind === 'no-stream' ? ' (Only where the checks of answers without streaming hold.)' : '';
      return `- Today: ${text}${only}${isOurs(kind) ? '' : ` ${link}`}`;
    }),
  ];
  return `${lines.join('\n')}\n`;
}

/** A line of advice and where it is from. */
export interface Sourced {
  readonly text: string;
  /** Empty where the text says where it is. */
  readonly link: string;
}

/** Since when it is so, and whether it is mended. */
export function historyOf({ since, mended }: ServerAdvice): readonly Sourced[] {
  return [
    ...(since === undefined ? [] : [{ text: `${sinceWords(since)}.`, link: since.link }]),
    { text: `${mendedWords(mended)} (looked at on ${mended.checked}).`, link: mended.link },
  ];
}

/** What to do today, the best first. */
export function actionsOf({ actions }: ServerAdvice): readonly Sourced[] {
  return actions.map((action) => ({
    text: action.heldInThisRun ? `${action.text} Its checks held in this very run.` : action.text,
    link: isOurs(action.kind) ? '' : action.link,
  }));
}

/** What this repository has is named by its page. */
const isOurs = (kind: Action['kind']): boolean => kind === 'recipe' || kind === 'proxy';

function sinceWords(since: NonNullable<Advice['since']>): string {
  if (since.kind === 'version') return `Since ${since.version}`;
  const of = since.version === undefined ? '' : ` of ${since.version}`;
  return `Reported${of} on ${since.on}`;
}

function mendedWords(mended: Advice['mended']): string {
  switch (mended.kind) {
    case 'release':
      return `Mended in ${mended.version}`;
    case 'merged':
      return `Mended by a pull request of ${mended.opened}; the first release with it is not known`;
    case 'intended':
      return 'The project wants it so';
    case 'not-yet': {
      const opened = mended.opened === undefined ? '' : `, opened on ${mended.opened}`;
      const what = mended.link.includes('/pull/') ? 'pull request' : 'report';
      const report =
        mended.report === 'not-found' ? 'no report was found' : `the ${what} is ${mended.report}${opened}`;
      return `In no release up to ${mended.upTo}; ${report}`;
    }
  }
}
