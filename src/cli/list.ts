import { apis } from '../apis/index.ts';
import { catalogue } from '../checks/catalogue.ts';
import { wordsOf } from '../checks/words.ts';
import { caseKey } from '../model/case-id.ts';
import { products } from '../products/index.ts';
import { casesOf } from '../run/units.ts';
import { scenarios } from '../scenarios/index.ts';
import { UsageError } from './exit.ts';

/** @throws UsageError */
export function list(what: string): string {
  switch (what) {
    case 'checks':
      return catalogue
        .map(({ id, level }) => `${id.padEnd(30)} ${level.padEnd(6)} ${wordsOf(id).title}\n`)
        .join('');
    case 'cases':
      return [...apis.keys()]
        .flatMap((api) =>
          scenarios
            .filter((scenario) => scenario.apis === 'all' || scenario.apis.includes(api))
            .flatMap((scenario) =>
              casesOf(api, scenario).map(
                (id) => `${caseKey(id).padEnd(48)} ${scenario.suite.padEnd(8)} ${scenario.about}\n`,
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
