/** Packages of npm, each version in a folder of its own in the cache. */
import { rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import * as z from 'zod';
import { ensureFolder } from '../text/ensure-folder.ts';
import { asFileName } from './cache-folder.ts';
import { LaunchError } from './errors.ts';
import { isProgram } from './is-program.ts';
import { withLock } from './lock.ts';
import { reapOrphans } from './reap.ts';
import type { Prepared, RecipeContext } from './recipe.ts';
import type { RegistryQuery } from './registry.ts';
import { type CommandOutcome, runCommand } from './run-command.ts';
import { isVersion, sortVersions } from './version-spec.ts';

export interface NpmPackage {
  readonly product: string;
  /** Its name in the registry. */
  readonly name: string;
  /** Versions of other packages that are taken wherever they are asked for. */
  readonly overrides?: Readonly<Record<string, string>>;
  /** The program of it that is started. */
  readonly program: string;
}

const withoutNpm = 'install Node.js with npm';
const install = ['install', '--ignore-scripts', '--no-audit', '--no-fund'];

/**
 * One version of a package, from the cache or installed now; npm is configured as always (`NPM_CONFIG_REGISTRY`,
 * `NPM_CONFIG_BEFORE` …). Scripts of packages are not run.
 *
 * @throws LaunchError when `version` is no version, or cannot be installed.
 */
export async function installNpmPackage(
  { product, name, overrides = {}, program }: NpmPackage,
  version: string,
  { cacheFolder, env, onProgress, signal }: RecipeContext,
): Promise<Prepared> {
  if (!isVersion(version)) throw new LaunchError(`"${version}" is no version of ${product} (such as 1.2.3)`);
  const folder = path.join(cacheFolder, 'npm', asFileName(product), asFileName(version));
  const binary = path.join(folder, 'node_modules', '.bin', program);
  const prepared = { version, program: binary, packages: {} };
  const onWait = (pid: number) => onProgress?.(`waiting for process ${pid}, which installs the same`);
  return await withLock(`${folder}.lock`, { signal, onWait }, async () => {
    if (isProgram(binary)) return { ...prepared, installedNow: false };
    await reapOrphans(cacheFolder);
    // npm puts the programs in last, so where there is none it was not finished.
    rmSync(folder, { recursive: true, force: true });
    ensureFolder(folder);
    writeFileSync(path.join(folder, 'package.json'), JSON.stringify({ private: true, overrides }));
    const logPath = path.join(
      cacheFolder,
      'logs',
      `install-${asFileName(product)}-${asFileName(version)}.log`,
    );
    const { exitCode, lastLines } = await runCommand({
      argv: ['npm', ...install, '--prefix', folder, `${name}@${version}`],
      env: env ?? process.env,
      cacheFolder,
      logPath,
      whenMissing: withoutNpm,
      signal,
      ...(onProgress ? { onLine: onProgress } : {}),
    });
    if (exitCode === 0 && isProgram(binary)) return { ...prepared, installedNow: true };
    const why = lastLines.find((line) => /^npm (error|ERR!) (?!code)/.test(line)) ?? lastLines.at(-1);
    throw new LaunchError(`cannot install ${name}@${version}: ${why ?? 'npm printed nothing'}`, {
      details: lastLines,
      logPath,
    });
  });
}

/** npm prints one version without a list. */
const listing = z.union([z.array(z.string()), z.string().transform((only) => [only])]);

/** The versions that the registry has, oldest first. @throws LaunchError */
export async function listNpmVersions(
  name: string,
  { cacheFolder, env, prereleases, signal }: RegistryQuery,
): Promise<string[]> {
  const logPath = path.join(cacheFolder, 'logs', 'versions.log');
  const answer: CommandOutcome = await runCommand({
    argv: ['npm', 'view', name, 'versions', '--json'],
    env: env ?? process.env,
    cacheFolder,
    logPath,
    whenMissing: withoutNpm,
    signal,
  });
  const versions = listing.safeParse(parsed(answer.stdout));
  if (answer.exitCode === 0 && versions.success) return sortVersions(versions.data, prereleases ?? false);
  throw new LaunchError(`npm cannot list the versions of ${name}`, { details: answer.lastLines, logPath });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
