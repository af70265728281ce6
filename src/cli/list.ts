import { apis } from '../apis/index.ts';
import { type Catalogue, catalogueOf } from '../checks/catalogue.ts';
import { wordsOf } from '../checks/words.ts';
import { caseKey } from '../model/case-id.ts';
import { products } from '../products/index.ts';
import { aboutOf, casesOf, suits } from '../scenarios/index.ts';
import { UsageError } from './exit.ts';

/** @throws UsageError */
export function list(what: string, { checks, scenarios }: Catalogue = catalogueOf()): string {
  switch (what) {
    case 'checks':
      return checks
        .map(({ id, level }) => `${id.padEnd(30)} ${level.padEnd(6)} ${wordsOf(id).title}\n`)
        .join('');
    case 'cases':
      return [...apis.values()]
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
