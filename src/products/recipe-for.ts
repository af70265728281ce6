import { commandRecipe } from '../launch/command-recipe.ts';
import { LaunchError } from '../launch/errors.ts';
import type { Recipe, RecipeMaker, RecipeOptions } from '../launch/recipe.ts';
import { allProducts } from './index.ts';

const recipes: ReadonlyMap<string, RecipeMaker> = new Map(
  allProducts.flatMap((product) => Object.entries(product.recipes ?? {})),
);

/** The names under which a product's file has a recipe. */
export const launchableProducts: readonly string[] = [...recipes.keys()];

/** Those of them that are put in front of another server. */
export const gateways: readonly string[] = allProducts
  .filter(({ gateway }) => gateway)
  .flatMap(({ recipes }) => Object.keys(recipes ?? {}));

/**
 * The recipe of a product; a command template makes one for any name.
 *
 * @throws LaunchError when there is neither, or when the options do not suffice.
 */
export function recipeFor(product: string, options: RecipeOptions = {}): Recipe {
  if (options.command !== undefined) return commandRecipe(product, options);
  const recipe = recipes.get(product);
  if (recipe) return recipe(options);
  const known = launchableProducts.join(', ');
  throw new LaunchError(`no launch recipe for "${product}" (there are ${known}): give one with --command`);
}
