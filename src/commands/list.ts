import type { Command } from 'commander';
import { type Catalogue, catalogueOf } from '../checks/catalogue.ts';
import { wordsOf } from '../checks/words.ts';
import { type SettingFlags, settingsOf } from '../config/flags.ts';
import { caseKey } from '../model/case-id.ts';
import { EXIT, UsageError } from '../model/errors.ts';
import { products } from '../products/index.ts';
import { aboutOf, casesOf, suits } from '../scenarios/index.ts';
import type { Action } from './support/action.ts';

/** @throws UsageError */
export function list(what: string, { checks, scenarios, apis }: Catalogue = catalogueOf()): string {
  switch (what) {
    case 'checks':
      return checks
        .map(({ id, level }) => `${id.padEnd(30)} ${level.padEnd(6)} ${wordsOf(id).title}\n`)
        .join('');
    case 'cases':
      return apis
        .flatMap((api) =>
          scenarios
            .filter((scenario) => suits(scenario, api))
            .flatMap((scenario) =>
              casesOf(api.id, scenario).map(
                (id) => `${caseKey(id).padEnd(48)} ${scenario.suite.padEnd(8)} ${aboutOf(scenario, api)}\n`,
              ),
            ),
        )
        .join('');
    case 'products':
      return [...products.values()]
        .map(
          ({ id, title, homepage, deviations }) =>
            `${id.padEnd(22)} ${title}, ${homepage}${deviations.length > 0 ? ` (accepted deviations: ${deviations.length})` : ''}\n`,
        )
        .join('');
    default:
      throw new UsageError(`list ${JSON.stringify(what)}: write checks, cases or products`);
  }
}

/** Its flags, and what it does. */
export function define(command: Command): Action {
  command
    .argument('<what>', 'checks, cases or products')
    .option('--catalogue <n>', 'checks and cases of this catalogue: a number or latest', 'latest');
  return async () => {
    const { catalogue } = await settingsOf(command.opts<SettingFlags>());
    process.stdout.write(list(command.args[0] ?? '', catalogueOf(catalogue)));
    return EXIT.ok;
  };
}
