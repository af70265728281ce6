import { createHash } from 'node:crypto';
import { accessSync, constants, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import * as z from 'zod';
import { writeWhole } from '../text/write-whole.ts';
import { asFileName } from './cache-folder.ts';
import { LaunchError } from './errors.ts';
import { withLock } from './lock.ts';
import {
  chooseInstaller,
  failureLine,
  type Installer,
  installSteps,
  withoutPython,
} from './python-installer.ts';
import { reapOrphans } from './reap.ts';
import { runCommand } from './run-command.ts';

export interface EnvironmentRequest {
  readonly product: string;
  readonly version: string;
  /** What pip is asked for, such as `llama-cpp-python[server]==0.2.84`. */
  readonly requirements: readonly string[];
  readonly cacheFolder: string;
  /** The environment of the installer; default this process's, so that `PIP_*`, `UV_*` and proxies are honoured. */
  readonly env?: NodeJS.ProcessEnv;
  /** Laid over `env`, and part of what makes two environments the same. */
  readonly buildEnv?: Readonly<Record<string, string>>;
  /**
   * The build is not the usual one (own compiler flags): it gets a folder and a wheel cache of its own, because pip
   * and uv would hand out a wheel compiled with other flags.
   */
  readonly customBuild?: boolean;
  /** The interpreter to start from; default `LASTCHUNK_PYTHON`, then `python3`. */
  readonly python?: string | undefined;
  /** Default: uv if there is one, else pip. */
  readonly installer?: Installer | undefined;
  /** Called with each line of the installer, and with the reason for waiting. */
  readonly onProgress?: ((line: string) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface PythonEnvironment {
  readonly folder: string;
  /** The interpreter inside it. */
  readonly python: string;
  /** Name and version of everything in it. */
  readonly packages: Readonly<Record<string, string>>;
  /** False when it was there from an earlier run. */
  readonly installedNow: boolean;
}

const marker = z.object({
  requirements: z.array(z.string()),
  buildEnv: z.record(z.string(), z.string()),
  packages: z.record(z.string(), z.string()),
});

const markerName = 'lastchunk-environment.json';
const listPackages =
  'import json,importlib.metadata as m;print(json.dumps({d.metadata["Name"]:d.version for d in m.distributions()}))';

/**
 * A Python virtual environment with the given requirements, from the cache or installed now. Two processes never
 * install the same one at once, and one that was left half-installed is thrown away.
 *
 * @throws LaunchError when the installer fails, with its last lines and its log; the signal's reason when aborted.
 */
export async function ensureEnvironment(request: EnvironmentRequest): Promise<PythonEnvironment> {
  const folder = environmentFolder(request);
  const ready = readEnvironment(folder, request);
  if (ready) return ready;
  const { signal } = request;
  const onWait = (pid: number) => request.onProgress?.(`waiting for process ${pid}, which installs the same`);
  return await withLock(`${folder}.lock`, { signal, onWait }, async () => {
    // The previous holder of the lock may have installed it.
    const done = readEnvironment(folder, request);
    if (done) return done;
    // An installer whose lastchunk was killed may still be writing into this very folder.
    await reapOrphans(request.cacheFolder);
    rmSync(folder, { recursive: true, force: true });
    try {
      return await install(folder, request);
    } catch (error) {
      rmSync(folder, { recursive: true, force: true });
      throw error;
    }
  });
}

/** The folder of the environment of a product's version, whether it exists or not. */
export function environmentFolder(request: EnvironmentRequest): string {
  const suffix = request.customBuild ? `+${buildKey(request)}` : '';
  return path.join(
    request.cacheFolder,
    'python',
    asFileName(request.product),
    asFileName(request.version) + suffix,
  );
}

function buildKey(request: EnvironmentRequest): string {
  return createHash('sha256')
    .update(JSON.stringify(request.buildEnv ?? {}))
    .digest('hex')
    .slice(0, 8);
}

function interpreterIn(folder: string): string {
  return path.join(folder, 'bin', 'python');
}

/** The environment, if it was installed to the end for these very requirements and its interpreter is still there. */
function readEnvironment(folder: string, request: EnvironmentRequest): PythonEnvironment | undefined {
  const python = interpreterIn(folder);
  try {
    const found = marker.parse(JSON.parse(readFileSync(path.join(folder, markerName), 'utf8')));
    const wanted = [request.requirements, request.buildEnv ?? {}];
    if (JSON.stringify([found.requirements, found.buildEnv]) !== JSON.stringify(wanted)) return undefined;
    accessSync(python, constants.X_OK); // a link that leads nowhere once the system's Python was replaced
    return { folder, python, packages: found.packages, installedNow: false };
  } catch {
    return undefined;
  }
}

async function install(folder: string, request: EnvironmentRequest): Promise<PythonEnvironment> {
  const { cacheFolder, signal } = request;
  const wheels = path.join(cacheFolder, 'wheels', buildKey(request));
  const env: NodeJS.ProcessEnv = {
    ...(request.env ?? process.env),
    ...request.buildEnv,
    ...(request.customBuild ? { PIP_CACHE_DIR: wheels, UV_CACHE_DIR: wheels } : {}),
  };
  const name = asFileName(`install-${request.product}-${request.version}`);
  const logPath = path.join(
    cacheFolder,
    'logs',
    `${name}-${new Date().toISOString().replace(/[:.]/g, '-')}.log`,
  );
  const run = (argv: readonly [string, ...string[]], onLine?: (line: string) => void) =>
    runCommand({
      argv,
      env,
      cacheFolder,
      logPath,
      signal,
      whenMissing: withoutPython,
      ...(onLine ? { onLine } : {}),
    });

  const interpreter = request.python ?? env.LASTCHUNK_PYTHON ?? 'python3';
  const installer = request.installer ?? (await chooseInstaller(env));
  const python = interpreterIn(folder);
  for (const argv of installSteps(installer, {
    interpreter,
    folder,
    python,
    requirements: request.requirements,
  })) {
    const { exitCode, lastLines } = await run(argv, request.onProgress);
    if (exitCode !== 0) {
      const what = `cannot install ${request.requirements.join(' ')}: ${failureLine(lastLines)}`;
      throw new LaunchError(what, { details: lastLines, logPath });
    }
  }

  const listed = await run([python, '-c', listPackages]);
  const parsed = marker.safeParse({
    requirements: request.requirements,
    buildEnv: request.buildEnv ?? {},
    packages: listed.exitCode === 0 ? parsedJson(listed.stdout) : undefined,
  });
  if (!parsed.success) {
    const what = `${request.product} ${request.version} was installed, but its interpreter does not work`;
    throw new LaunchError(what, { details: listed.lastLines, logPath });
  }
  writeWhole(path.join(folder, markerName), JSON.stringify(parsed.data, undefined, 2));
  return { folder, python, packages: parsed.data.packages, installedNow: true };
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
