import type { Command } from 'commander';
import { allChecks, checkIds } from '../checks/catalogue.ts';
import { FIRST_CATALOGUE } from '../checks/support/define-check.ts';
import { wordsOf } from '../checks/words.ts';
import { labelOf } from '../config/server-target.ts';
import { EXIT, UsageError } from '../model/errors.ts';
import { adviceFor } from '../products/advice.ts';
import { productNamed } from '../products/index.ts';
import { adviceText } from '../reporters/shared/advice-text.ts';
import { nearest } from '../text/did-you-mean.ts';
import type { Action } from './support/action.ts';

/** @throws UsageError */
export function explain(id: string): string {
  if (!checkIds.includes(id)) {
    const close = nearest(id, checkIds);
    const near =
      close === null ? checkIds.filter((known) => id !== '' && known.includes(id)).slice(0, 4) : [close];
    const hint = near.length > 0 ? `did you mean ${near.join(', ')}? ` : '';
    throw new UsageError(`unknown check ${JSON.stringify(id)}; ${hint}see lastchunk list checks`);
  }
  const { catalogue = FIRST_CATALOGUE } = allChecks.find((check) => check.id === id) ?? {};
  const since = catalogue === FIRST_CATALOGUE ? '' : `, since catalogue ${catalogue}`;
  const { title, level, rule, source, detail, harm, remedy } = wordsOf(id);
  const url = source.url === undefined ? '' : `\n  ${source.url}`;
  return (
    `${id} (${level}${since}): ${title}\n\n${rule}\n\nSource: ${source.title}${url}\n  "${source.says}"\n\n` +
    `The rule\n\n${detail.trim()}\n\nWhat breaks downstream\n\n${harm.trim()}\n\nHow to mend it\n\n${remedy.trim()}\n`
  );
}

/**
 * What is known of a check that fails in a product.
 * @param label name and version, e.g. "llama-cpp-python 0.3.36"; without a version all that is known
 * @throws UsageError where the product is not known
 */
export function explainIn(label: string, check: string): string {
  const named = labelOf(label);
  const product = productNamed(named?.product ?? null);
  if (named === null || product === null)
    throw new UsageError(`unknown product ${JSON.stringify(label)}; see lastchunk list products`);
  const shown = [product.id, named.version].filter((part) => part !== null).join(' ');
  return adviceText(shown, adviceFor({ product: product.id, version: named.version }, { check }));
}

/** Its flags, and what it does. */
export function define(command: Command): Action {
  command
    .argument('<check>')
    .option('--product <name>', 'also what is known of it in a product, e.g. "llama-cpp-python 0.3.36"');
  return () => {
    const [check = ''] = command.args;
    const { product } = command.opts<{ readonly product?: string }>();
    const text = explain(check);
    process.stdout.write(product === undefined ? text : `${explainIn(product, check)}\n${text}`);
    return EXIT.ok;
  };
}
