import path from 'node:path';
import * as z from 'zod';
import { LaunchError } from './errors.ts';
import { failureLine, withoutPython } from './python-installer.ts';
import { runCommand } from './run-command.ts';
import { sortVersions } from './version-spec.ts';

export interface RegistryQuery {
  readonly cacheFolder: string;
  /** Pre-releases are left out unless this is true. Yanked versions always are: pip does not list them. */
  readonly prereleases?: boolean;
  /** The interpreter whose pip is asked; default `LASTCHUNK_PYTHON`, then `python3`. */
  readonly python?: string | undefined;
  readonly env?: NodeJS.ProcessEnv;
  readonly signal?: AbortSignal | undefined;
}

/**
 * The versions of a Python package that can be installed here, oldest first, as pip sees them: its configured index,
 * this interpreter, this platform.
 *
 * @throws LaunchError when pip cannot tell.
 */
export async function listPythonVersions(packageName: string, query: RegistryQuery): Promise<string[]> {
  const env = query.env ?? process.env;
  const python = query.python ?? env.LASTCHUNK_PYTHON ?? 'python3';
  const logPath = path.join(query.cacheFolder, 'logs', 'versions.log');
  const ask = (...more: string[]) =>
    runCommand({
      argv: [
        python,
        '-m',
        'pip',
        'index',
        'versions',
        ...more,
        ...(query.prereleases ? ['--pre'] : []),
        packageName,
      ],
      env: { ...env, PIP_DISABLE_PIP_VERSION_CHECK: '1', PIP_NO_INPUT: '1' },
      cacheFolder: query.cacheFolder,
      logPath,
      whenMissing: withoutPython,
      signal: query.signal,
    });

  let answer = await ask('--json');
  // pip learnt --json in 25.1; an older one refuses the option.
  if (answer.exitCode !== 0 && answer.lastLines.some((line) => /no such option/.test(line)))
    answer = await ask();
  const versions = answer.exitCode === 0 ? readVersions(answer.stdout) : undefined;
  if (!versions) {
    throw new LaunchError(
      `pip cannot list the versions of ${packageName}: ${failureLine(answer.lastLines)}`,
      {
        details: answer.lastLines,
        logPath,
      },
    );
  }
  return sortVersions(versions, query.prereleases ?? false);
}

const listing = z.object({ versions: z.array(z.string()) });

/** The versions in what `pip index versions` printed, in either of its formats; undefined if there are none. */
export function readVersions(stdout: string): string[] | undefined {
  const text = stdout.trim();
  if (text.startsWith('{')) {
    try {
      return listing.parse(JSON.parse(text)).versions;
    } catch {
      return undefined;
    }
  }
  const line = /^Available versions:(.*)$/m.exec(text)?.[1];
  return line
    ?.split(',')
    .map((version) => version.trim())
    .filter((version) => version !== '');
}
