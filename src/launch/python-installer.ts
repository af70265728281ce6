import { execFile } from 'node:child_process';

/** For those who have no `python3`. */
export const withoutPython = 'install Python 3, or name an interpreter with LASTCHUNK_PYTHON';

/** What makes virtual environments and fills them. */
export type Installer = 'uv' | 'pip';

interface Target {
  readonly interpreter: string;
  readonly folder: string;
  /** The interpreter inside the folder. */
  readonly python: string;
  readonly requirements: readonly string[];
}

/** uv where there is one that runs: it is several times as fast. */
export function chooseInstaller(env: NodeJS.ProcessEnv): Promise<Installer> {
  return new Promise((resolve) => {
    execFile('uv', ['--version'], { env, timeout: 10_000 }, (error) => resolve(error ? 'pip' : 'uv'));
  });
}

/** The commands that make an environment and install into it, in order. */
export function installSteps(installer: Installer, target: Target): (readonly [string, ...string[]])[] {
  const { interpreter, folder, python, requirements } = target;
  if (installer === 'uv') {
    return [
      ['uv', 'venv', '--python', interpreter, folder],
      ['uv', 'pip', 'install', '--python', python, '--', ...requirements],
    ];
  }
  const install = ['install', '--disable-pip-version-check', '--no-input', '--progress-bar', 'off'];
  return [
    [interpreter, '-m', 'venv', folder],
    [python, '-m', 'pip', ...install, '--', ...requirements],
  ];
}

/** Why pip or uv failed, from the last lines of what they printed: pip's last `ERROR:`, uv's `error:` or `×`. */
export function failureLine(lines: readonly string[]): string {
  const said =
    lines.findLast((line) => /^\s*(ERROR:|error:|×)|No module named/.test(line)) ??
    lines.at(-1) ??
    'it printed nothing';
  // pip says so, too, where it was not told.
  const broken = / connection broken by (.*)/;
  const unreached = /No matching distribution/.test(said) && lines.findLast((line) => broken.test(line));
  if (unreached) return `the package index was not reached (${broken.exec(unreached)?.[1] ?? ''})`;
  return said.replace(/^\s*(ERROR:|error:|×)\s*/, '');
}
