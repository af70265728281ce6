import type { Command } from 'commander';
import { allChecks, checkIds } from '../checks/catalogue.ts';
import { FIRST_CATALOGUE } from '../checks/support/define-check.ts';
import { wordsOf } from '../checks/words.ts';
import { allCaseKeys } from '../config/selection.ts';
import { labelOf } from '../config/server-target.ts';
import { EXIT, UsageError } from '../model/errors.ts';
import { adviceFor } from '../products/advice.ts';
import { productNamed } from '../products/index.ts';
import { isMeasured, measuredFaults } from '../products/observed.ts';
import { adviceText } from '../reporters/shared/advice-text.ts';
import { markMeaning } from '../reporters/shared/mark-text.ts';
import { measuredText } from '../reporters/shared/measured.ts';
import { paletteOf } from '../reporters/table/palette.ts';
import { type ProseOptions, paragraph, proseText } from '../reporters/table/prose.ts';
import { nearest } from '../text/did-you-mean.ts';
import type { Action } from './support/action.ts';
import { caseNamed, caseProse } from './support/explain-case.ts';
import { reportContext } from './support/terminal-context.ts';

/** Longer lines are hard to read. */
const WIDEST = 100;

/**
 * What a check, a case or a mark of the table means.
 * @param id a check's id, a case's, or a mark such as `!*`
 * @throws UsageError where it is none of them
 */
export function explain(id: string, options: ProseOptions): string {
  if (checkIds.includes(id)) return explainCheck(id, options);
  const asked = caseNamed(id);
  if (asked !== null) return proseText(caseProse(asked), options);
  const mark = markMeaning(id);
  if (mark !== null) return proseText(mark, options);
  const known = [...checkIds, ...allCaseKeys()];
  const close = nearest(id, known);
  const near = close === null ? known.filter((one) => id !== '' && one.includes(id)).slice(0, 4) : [close];
  const hint = near.length > 0 ? `did you mean ${near.join(', ')}? ` : '';
  throw new UsageError(
    `unknown check ${JSON.stringify(id)}; ${hint}see lastchunk list checks, lastchunk list cases`,
  );
}

/** What it means and how it is mended come first; the rule at length is for whom that does not do. */
function explainCheck(id: string, options: ProseOptions): string {
  const { catalogue = FIRST_CATALOGUE } = allChecks.find((check) => check.id === id) ?? {};
  const since = catalogue === FIRST_CATALOGUE ? '' : `, since catalogue ${catalogue}`;
  const { title, level, rule, source, detail, harm, remedy } = wordsOf(id);
  const { strong } = paletteOf(options.colour);
  const section = (heading: string, text: string) => `\n${strong(heading)}\n\n${text}`;
  const says = paragraph(`"${source.says}"`, options, '  ');
  return [
    `${strong(id)} (${level}${since}): ${title}\n\n${proseText(rule, options)}`,
    section('What breaks downstream', proseText(harm, options)),
    section('How to mend it', proseText(remedy, options)),
    section('The rule', proseText(detail, options)),
    `\n${paragraph(`Source: ${source.title}`, options)}\n${source.url === undefined ? '' : `  ${source.url}\n`}${says}\n`,
  ].join('');
}

/**
 * What is known of a check that fails in a product.
 * @param label name and version, e.g. "llama-cpp-python 0.3.36"; without a version all that is known
 * @throws UsageError where the product is not known
 */
export function explainIn(label: string, check: string): string {
  const named = labelOf(label);
  const product = productNamed(named?.product ?? null);
  if (named === null || (product === null && !isMeasured(named.product)))
    throw new UsageError(`unknown product ${JSON.stringify(label)}; see lastchunk list products`);
  const id = product?.id ?? named.product;
  const shown = [id, named.version].filter((part) => part !== null).join(' ');
  const advice = adviceFor({ product: id, version: named.version }, { check });
  const measured = measuredFaults(id, { check }).map(measuredText);
  if (measured.length === 0) return adviceText(shown, advice);
  const versions = `Measured:\n\n${measured.map((line) => `- ${line}\n`).join('')}`;
  return advice.length === 0 ? versions : `${adviceText(shown, advice)}\n${versions}`;
}

/** Its flags, and what it does. */
export function define(command: Command): Action {
  command
    .argument('<check>', "a check, a case (chat/stream/asked/text) or a mark of the table ('!*')")
    .option('--product <name>', 'also what is known of it in a product, e.g. "llama-cpp-python 0.3.36"')
    .option('--no-color', 'no colours');
  return () => {
    const [check = ''] = command.args;
    const { product, color } = command.opts<{ readonly product?: string; readonly color: boolean }>();
    const { width, colour } = reportContext(color);
    if (product !== undefined && !checkIds.includes(check) && caseNamed(check) !== null)
      throw new UsageError(`--product goes with a check, and ${check} is a case; leave it out`);
    const text = explain(check, { width: Math.min(width, WIDEST), colour });
    process.stdout.write(
      product === undefined
        ? text
        : `${proseText(explainIn(product, check), { width: Math.min(width, WIDEST), colour })}\n${text}`,
    );
    return EXIT.ok;
  };
}
