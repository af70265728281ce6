import { type EnvironmentRequest, ensureEnvironment } from '../environment.ts';
import { LaunchError } from '../errors.ts';
import { parsePythonVersion } from '../pep440.ts';
import type { Prepared, RecipeContext } from './recipe.ts';

/** What differs between products that are installed by pip. */
export interface PipPackage {
  readonly product: string;
  /** `llama-cpp-python[server]`, to which `==VERSION` is added. */
  readonly requirement: string;
  readonly build?: (env: NodeJS.ProcessEnv) => Pick<EnvironmentRequest, 'buildEnv' | 'customBuild'>;
}

/**
 * Installs one version of a package into its own environment. Pins of other packages can be given the way pip and uv
 * offer it themselves (`PIP_CONSTRAINT`, `UV_CONSTRAINT`).
 *
 * @throws LaunchError when `version` is no version, or cannot be installed.
 */
export async function installPackage(
  { product, requirement, build }: PipPackage,
  version: string,
  context: RecipeContext,
): Promise<Prepared> {
  if (!parsePythonVersion(version)) {
    throw new LaunchError(`"${version}" is no version of ${product} (such as 1.2.3)`);
  }
  const { cacheFolder, env, python, installer, onProgress, signal } = context;
  const environment = await ensureEnvironment({
    product,
    version,
    requirements: [`${requirement}==${version}`],
    cacheFolder,
    python,
    installer,
    onProgress,
    signal,
    ...(env ? { env } : {}),
    ...build?.(env ?? process.env),
  });
  const { packages, installedNow } = environment;
  return { version, program: environment.python, packages, installedNow };
}
