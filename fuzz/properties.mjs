/** What must hold of every mutant. Each function throws an Error that says what did not. */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { statusOf } from '../build/cli/exit.js';
import { reportContext } from '../build/commands/support/terminal-context.js';
import { readRecording } from '../build/recordings/recording.js';
import { loadReporter } from '../build/reporters/index.js';
import { reportOf } from '../build/run/run.js';
import { runRecording } from '../build/run/run-recording.js';
import { filesOf, mutatedRecording } from './mutants.mjs';

const BIN = fileURLToPath(new URL('../bin/lastchunk.js', import.meta.url));
const STACK = /^\s+at .*(?::\d+:\d+\)?|<anonymous>\)?)$/m;
const OUR_FAULT =
  /\b(?:Type|Range|Reference|Syntax|Assertion)Error\b|Cannot read propert|is not a function|is not iterable/;
/** The promise for one server, and what the recordings and fast-check hold. */
const MOST_BYTES = 512 * 1024 * 1024;

function must(holds, what) {
  if (!holds) throw new Error(what);
}

/** Writes a recording to a folder, for as long as `use` takes. */
async function inFolder(files, use) {
  const folder = mkdtempSync(join(tmpdir(), 'lastchunk-fuzz-'));
  try {
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
    return await use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function judged(recording) {
  const { head } = recording;
  const { server, partial } = await runRecording(recording, { strict: false, profile: null });
  const ended = new AbortController();
  if (partial) ended.abort();
  const options = { seed: head.seed, suite: head.suite, strict: false, signal: ended.signal };
  return reportOf([server], options, { startedAt: new Date(0), durationMs: 0 });
}

/** What a report must end with, from nothing but its results. */
function statusesAllowed({ servers }) {
  const verdicts = new Set(servers.flatMap(({ results }) => results.map(({ verdict }) => verdict)));
  if (verdicts.has('fail')) return [1];
  // Errors of some cases do not hide what the others say: how many do is judging's own matter.
  if (verdicts.has('error')) return [0, 3];
  return verdicts.has('pass') ? [0] : [3];
}

async function holdsOfReport(report, { takeOut, file, format }) {
  const allowed = statusesAllowed(report);
  must(allowed.includes(report.exitCode), `exit status ${report.exitCode}, not ${allowed.join(' or ')}`);
  if (takeOut !== 'nothing' && file === null) {
    const passed = report.servers.flatMap(({ results }) =>
      results.filter(({ check, verdict }) => check === 'usage-present' && verdict === 'pass'),
    );
    must(passed.length === 0, `usage-present passed without usage: ${passed.map((result) => result.case)}`);
  }
  const text = (await loadReporter(format))(report, { ...reportContext(false), verbose: true });
  must(!STACK.test(text) && !OUR_FAULT.test(text), `${format} shows a fault of ours: ${aroundFault(text)}`);
}

function aroundFault(text) {
  const { index = 0 } = OUR_FAULT.exec(text) ?? STACK.exec(text) ?? {};
  return JSON.stringify(text.slice(Math.max(0, index - 200), index + 300));
}

/** The exit status and the report of a recording, as `check --from` comes to them. */
async function outcomeOf(make) {
  try {
    const report = await judged(make());
    return { status: report.exitCode, report };
  } catch (error) {
    must(statusOf(error) === 2, `a fault of ours: ${error?.stack ?? error}`);
    must(!/\n/.test(error.message), `an error of several lines: ${JSON.stringify(error.message)}`);
    return { status: 2, report: null };
  }
}

/** Judges a mutant in this process; its file first, where that was changed. */
export async function holdsInProcess(originals, mutant) {
  const recording = await mutatedRecording(originals, mutant);
  const { report } =
    mutant.file === null
      ? await outcomeOf(() => recording)
      : await inFolder(filesOf(recording, mutant), (folder) => outcomeOf(() => readRecording(folder)));
  if (report !== null) await holdsOfReport(report, mutant);
  const { rss } = process.memoryUsage();
  must(rss < MOST_BYTES, `${Math.round(rss / 1024 / 1024)} MiB of memory`);
}

/** Judges a mutant by the command, which must come to what this process comes to. */
export async function holdsOfCommand(originals, mutant, mostMs) {
  const recording = await mutatedRecording(originals, mutant);
  await inFolder(filesOf(recording, mutant), async (folder) => {
    const { status } = await outcomeOf(() => readRecording(folder));
    const { code, stderr } = await run(['check', '--no-config', '--from', folder], mostMs);
    must(code === status, `the command exits ${code}, not ${status}: ${stderr.slice(-300)}`);
    must(!STACK.test(stderr), `a stack trace: ${stderr.slice(0, 500)}`);
    if (status === 2) must(/^lastchunk: .*\n$/.test(stderr), `not one line: ${JSON.stringify(stderr)}`);
  });
}

function run(args, timeout) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [BIN, ...args], { timeout, stdio: ['ignore', 'ignore', 'pipe'] });
    let stderr = '';
    child.stderr.setEncoding('utf8').on('data', (text) => {
      stderr += text;
    });
    child.once('close', (code, signal) => resolve({ code: code ?? signal, stderr }));
  });
}
