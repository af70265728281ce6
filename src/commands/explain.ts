import type { Command } from 'commander';
import { allChecks, checkIds } from '../checks/catalogue.ts';
import { FIRST_CATALOGUE } from '../checks/support/define-check.ts';
import { wordsOf } from '../checks/words.ts';
import { EXIT, UsageError } from '../model/errors.ts';
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

/** Its flags, and what it does. */
export function define(command: Command): Action {
  command.argument('<check>');
  return () => {
    process.stdout.write(explain(command.args[0] ?? ''));
    return EXIT.ok;
  };
}
