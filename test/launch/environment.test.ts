import {
  chmodSync,
  copyFileSync,
  existsSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  type EnvironmentRequest,
  ensureEnvironment,
  environmentFolder,
} from '../../src/launch/environment.ts';
import { LaunchError } from '../../src/launch/errors.ts';
import { listPythonVersions } from '../../src/launch/registry.ts';
import { recipeFor } from '../../src/products/recipe-for.ts';
import { isAlive, temporaryFolder, until } from './temporary.ts';

interface Fake {
  readonly python: string;
  readonly cacheFolder: string;
  plan(what: string): void;
  /** The calls of the interpreter that hold the given words. */
  calls(words: string): number;
}

function fakePython(): Fake {
  const folder = temporaryFolder();
  const python = path.join(folder, 'python');
  copyFileSync(path.join(import.meta.dirname, 'programs', 'fake-python.sh'), python);
  chmodSync(python, 0o755);
  return {
    python,
    cacheFolder: temporaryFolder(),
    plan: (what) => writeFileSync(path.join(folder, 'plan'), what),
    calls: (words) =>
      readFileSync(path.join(folder, 'calls'), 'utf8')
        .split('\n')
        .filter((line) => line.includes(words)).length,
  };
}

function request(fake: Fake, more: Partial<EnvironmentRequest> = {}): EnvironmentRequest {
  const { python, cacheFolder } = fake;
  const requirements = ['thing[server]==1.0.0'];
  return { product: 'thing', version: '1.0.0', requirements, cacheFolder, python, installer: 'pip', ...more };
}

describe('an environment', () => {
  it('is installed once and then taken from the cache', async () => {
    const fake = fakePython();
    const lines: string[] = [];
    const first = await ensureEnvironment(request(fake, { onProgress: (line) => lines.push(line) }));
    expect(first).toMatchObject({ installedNow: true, packages: { thing: '1.0.0' } });
    expect(lines).toContain('Building wheel for thing');
    expect(existsSync(first.python)).toBe(true);

    const second = await ensureEnvironment(request(fake));
    expect(second).toEqual({ ...first, installedNow: false });
    expect(fake.calls('pip install')).toBe(1);
    expect(fake.calls('-- thing[server]==1.0.0')).toBe(1);
  });

  it('that was left half-installed is thrown away', async () => {
    const fake = fakePython();
    const { folder } = await ensureEnvironment(request(fake));
    rmSync(path.join(folder, 'lastchunk-environment.json'));
    writeFileSync(path.join(folder, 'half'), '');
    expect((await ensureEnvironment(request(fake))).installedNow).toBe(true);
    expect(existsSync(path.join(folder, 'half'))).toBe(false);
  });

  it('is made anew when its interpreter is gone, or other requirements are asked for', async () => {
    const fake = fakePython();
    const { python } = await ensureEnvironment(request(fake));
    rmSync(python);
    expect((await ensureEnvironment(request(fake))).installedNow).toBe(true);
    const requirements = ['thing==1.0.0'];
    expect((await ensureEnvironment(request(fake, { requirements }))).installedNow).toBe(true);
  });

  it('wanted by several at once is installed by one', async () => {
    const fake = fakePython();
    const all = await Promise.all(Array.from({ length: 4 }, () => ensureEnvironment(request(fake))));
    expect(all.filter((one) => one.installedNow)).toHaveLength(1);
    expect(fake.calls('pip install')).toBe(1);
  });

  it('that cannot be installed is an error with the last twenty lines and the log, and leaves nothing', async () => {
    const fake = fakePython();
    fake.plan('fail');
    const error: unknown = await ensureEnvironment(request(fake)).catch((reason: unknown) => reason);
    if (!(error instanceof LaunchError)) throw new Error('no LaunchError');
    expect(error.message).toBe('cannot install thing[server]==1.0.0: Failed building wheel for thing');
    expect(error.details).toHaveLength(20);
    expect(error.details).toContain('compiler line 29');
    expect(readFileSync(error.logPath ?? '', 'utf8')).toContain('compiler line 0');
    expect(existsSync(environmentFolder(request(fake)))).toBe(false);

    fake.plan('');
    expect((await ensureEnvironment(request(fake))).installedNow).toBe(true);
  });

  it('can be aborted, and the whole installer ends', async () => {
    const fake = fakePython();
    fake.plan('hang');
    const abort = new AbortController();
    let child = 0;
    const installing = ensureEnvironment(
      request(fake, {
        signal: abort.signal,
        onProgress: (line) => {
          child = Number(/^child (\d+)$/.exec(line)?.[1] ?? child);
        },
      }),
    );
    const outcome = expect(installing).rejects.toThrow('enough');
    await until(() => child > 0);
    expect(isAlive(child)).toBe(true);
    abort.abort(new Error('enough'));
    await outcome;
    await until(() => !isAlive(child));
    expect(existsSync(environmentFolder(request(fake)))).toBe(false);
    expect(readdirSync(path.join(fake.cacheFolder, 'run'))).toEqual([]);
  });

  it('without an interpreter to start from is an error', async () => {
    const fake = fakePython();
    const made = ensureEnvironment(request(fake, { python: '/nowhere/python3' }));
    await expect(made).rejects.toThrow('cannot run /nowhere/python3');
  });

  it('never leaves the cache folder, whatever the version is called', () => {
    const fake = fakePython();
    const folder = environmentFolder(request(fake, { product: '..', version: '../../../etc' }));
    expect(path.relative(fake.cacheFolder, folder)).toBe(path.join('python', '_..', '.._.._.._etc'));
  });
});

describe('compiler flags', () => {
  async function installed(env: NodeJS.ProcessEnv): Promise<{ log: string; folder: string }> {
    const fake = fakePython();
    const { cacheFolder, python } = fake;
    const context = {
      cacheFolder,
      python,
      installer: 'pip' as const,
      env: { PATH: process.env.PATH, ...env },
    };
    const prepared = await recipeFor('llama-cpp-python').prepare('0.2.84', context);
    const logs = readdirSync(path.join(cacheFolder, 'logs'));
    return {
      log: readFileSync(path.join(cacheFolder, 'logs', logs[0] ?? ''), 'utf8'),
      folder: path.relative(cacheFolder, prepared.program),
    };
  }

  it('of llama-cpp-python default to those of the measured builds', async () => {
    const { log, folder } = await installed({});
    expect(log).toContain('CMAKE_ARGS=-DLLAVA_BUILD=OFF PIP_CACHE_DIR=\n');
    expect(folder).toBe('python/llama-cpp-python/0.2.84/bin/python');
  });

  it('of the user are passed on, into a folder and a wheel cache of their own', async () => {
    const { log, folder } = await installed({ CMAKE_ARGS: '-DGGML_CUDA=on' });
    expect(log).toMatch(/CMAKE_ARGS=-DGGML_CUDA=on PIP_CACHE_DIR=.*wheels/);
    expect(folder).toMatch(/^python\/llama-cpp-python\/0\.2\.84\+[0-9a-f]{8}\/bin\/python$/);
  });
});

describe('the version list of pip', () => {
  it('is read from JSON, oldest first', async () => {
    const fake = fakePython();
    expect(await listPythonVersions('thing', fake)).toEqual(['1.9.0', '1.10.0', '2.0.0']);
  });

  it('is read from the plain output of a pip without --json, pre-releases left out unless asked for', async () => {
    const fake = fakePython();
    fake.plan('no-json');
    expect(await listPythonVersions('thing', fake)).toEqual(['1.9.0', '1.10.0', '2.0.0']);
    expect(await listPythonVersions('thing', { ...fake, prereleases: true })).toContain('1.9.0rc1');
    expect(fake.calls('--pre')).toBeGreaterThan(0);
  });

  it('that cannot be had is an error', async () => {
    const fake = fakePython();
    fake.plan('no-pip');
    await expect(listPythonVersions('thing', fake)).rejects.toThrow(
      /cannot list the versions of thing: .*No module/,
    );
    fake.plan('offline');
    await expect(listPythonVersions('thing', fake)).rejects.toThrow(
      /of thing: the package index was not reached \('NewConnectionError: refused/,
    );
  });
});
