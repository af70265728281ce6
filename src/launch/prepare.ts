/** How a recipe comes by its program: installed by pip or npm, or one that the user has. */
import path from 'node:path';
import type { EnvironmentRequest } from './environment.ts';
import { LaunchError } from './errors.ts';
import { isProgram } from './is-program.ts';
import type { NpmPackage } from './npm-environment.ts';
import type { Prepared, Recipe, RecipeContext } from './recipe.ts';

/** What differs between products that are installed by pip. */
export interface PipPackage {
  readonly product: string;
  /** `llama-cpp-python[server]`, to which `==VERSION` is added. */
  readonly requirement: string;
  /** What it needs and does not ask for by itself. */
  readonly beside?: readonly string[];
  /** Its name in the index, where that is not the product's. */
  readonly name?: string;
  readonly build?: (env: NodeJS.ProcessEnv) => Pick<EnvironmentRequest, 'buildEnv' | 'customBuild'>;
}

/**
 * Versions of a package out of its index, and how one is installed. What that takes is loaded when it is done: a check
 * knows the products and launches none.
 */
export function pipPackage(of: PipPackage): Required<Pick<Recipe, 'versions' | 'prepare'>> {
  return {
    versions: async (query) =>
      (await import('./registry.ts')).listPythonVersions(of.name ?? of.product, query),
    prepare: (version, context) => install(of, version, context),
  };
}

/**
 * Installs one version of a package into its own environment. Pins of other packages can be given the way pip and uv
 * offer it themselves (`PIP_CONSTRAINT`, `UV_CONSTRAINT`).
 *
 * @throws LaunchError when `version` is no version, or cannot be installed.
 */
async function install(
  { product, requirement, beside = [], build }: PipPackage,
  version: string,
  context: RecipeContext,
): Promise<Prepared> {
  const { isVersion } = await import('./version-spec.ts');
  if (!isVersion(version)) {
    throw new LaunchError(`"${version}" is no version of ${product} (such as 1.2.3)`);
  }
  const { cacheFolder, env, python, installer, onProgress, signal } = context;
  const { ensureEnvironment } = await import('./environment.ts');
  const environment = await ensureEnvironment({
    product,
    version,
    requirements: [`${requirement}==${version}`, ...beside],
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

/** The same for a package of npm. */
export function npmPackage(of: NpmPackage): Required<Pick<Recipe, 'versions' | 'prepare'>> {
  return {
    versions: async (query) => (await import('./npm-environment.ts')).listNpmVersions(of.name, query),
    prepare: async (version, context) =>
      (await import('./npm-environment.ts')).installNpmPackage(of, version, context),
  };
}

/**
 * A program the user has: `binary` with `{version}` filled in, looked for along PATH when it names no folder.
 *
 * @throws LaunchError when there is none.
 */
export function givenBinary(product: string, binary: string, version: string, env = process.env): Prepared {
  const wanted = binary.replaceAll('{version}', version);
  const places = wanted.includes('/')
    ? [path.resolve(wanted)]
    : (env.PATH ?? '').split(path.delimiter).map((folder) => path.join(folder, wanted));
  const program = places.find(isProgram);
  if (program === undefined) {
    throw new LaunchError(`there is no program ${wanted}: name the one of ${product} with --binary PATH`);
  }
  return { version, program, packages: {}, installedNow: false };
}
