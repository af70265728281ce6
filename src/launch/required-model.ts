import { LaunchError } from './errors.ts';

/**
 * The model of a recipe that needs one.
 *
 * @throws LaunchError when none was given.
 */
export function requireModel(product: string, model: string | undefined): string {
  if (model === undefined) throw new LaunchError(`${product} needs a model: give one with --model PATH`);
  return model;
}
