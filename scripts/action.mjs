// What the GitHub Action does: makes lastchunk ready, runs `lastchunk check`, and hands reports, summary and exit status to
// the runner, however it ended.
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { appendFileSync, existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const at = (path) => fileURLToPath(new URL(path, import.meta.url));
const input = (name) => (process.env[`LASTCHUNK_${name}`] ?? '').trim();

const folder = input('OUTPUT') || 'lastchunk-report';
const files = {
  json: join(folder, 'report.json'),
  junit: join(folder, 'junit.xml'),
  html: join(folder, 'report.html'),
  markdown: join(folder, 'report.md'),
};
const annotations = join(folder, 'annotations.txt');

const flag = (name, value) => (value === '' ? [] : [`--${name}=${value}`]);
const args = [
  ...flag('config', input('CONFIG')),
  ...flag('suite', input('SUITE')),
  ...flag('baseline', input('BASELINE')),
  ...flag('model', input('MODEL')),
  ...flag('api-key-env', input('API_KEY_ENV')),
  ...Object.entries(files).map(([format, path]) => `--output=${format}=${path}`),
  `--output=github=${annotations}`,
  '--',
  ...input('URL')
    .split(/\s+/)
    .filter((url) => url !== ''),
];

// The reports of a run before would be taken for those of this one.
for (const path of [...Object.values(files), annotations]) rmSync(path, { force: true });

/** Runs a script to its end. A job that is cancelled gets a signal and a few seconds: enough for what was measured. */
function run(script, ...args) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [at(script), ...args], { stdio: 'inherit' });
    const signals = ['SIGINT', 'SIGTERM'];
    const pass = (signal) => child.kill(signal);
    for (const signal of signals) process.on(signal, pass);
    child.once('close', (status, signal) => {
      for (const each of signals) process.off(each, pass);
      resolve(status ?? (signals.includes(signal) ? 130 : 3));
    });
  });
}

const code = (await run('ready.mjs')) || (await run('../bin/lastchunk.js', 'check', ...args));

if (existsSync(annotations)) process.stdout.write(readFileSync(annotations, 'utf8'));
if (process.env.GITHUB_STEP_SUMMARY) {
  const summary = existsSync(files.markdown)
    ? readFileSync(files.markdown, 'utf8')
    : `## lastchunk: nothing was measured\n\nIt ended with exit status ${code}; the log of the step says why.\n`;
  appendFileSync(process.env.GITHUB_STEP_SUMMARY, summary);
}
if (process.env.GITHUB_OUTPUT) {
  const written = Object.entries(files).filter(([, path]) => existsSync(path));
  const outputs = [['exit-status', String(code)], ...written];
  // A path can hold anything but this.
  const end = `end-${randomUUID()}`;
  const lines = outputs.map(([name, value]) =>
    /[\r\n]/.test(value) ? `${name}<<${end}\n${value}\n${end}\n` : `${name}=${value}\n`,
  );
  appendFileSync(process.env.GITHUB_OUTPUT, lines.join(''));
}
process.exitCode = code;
