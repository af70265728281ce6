// Measures versions of servers one at a time, as observatory/plan.yaml says, and keeps a record of each in records/.
//   npm run observe [PRODUCT[--UPSTREAM]] [VERSIONS] [-- --again]
// Whole reports stay in the cache folder; what has a record is passed over unless --again is said. Ctrl-C ends it, and
// the next call goes on. docs/observatory.md says what it needs.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { parse } from 'yaml';
import { usableCacheFolder } from '../build/launch/cache-folder.js';
import { recipeFor } from '../build/products/recipe-for.js';

const root = fileURLToPath(new URL('..', import.meta.url));
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    again: { type: 'boolean', default: false },
    plan: { type: 'string', default: join(root, 'observatory/plan.yaml') },
    records: { type: 'string', default: join(root, 'records') },
    list: { type: 'boolean', default: false },
  },
});
const [wanted, wantedVersions] = positionals;
const { arguments: always, env: everywhere, products } = parse(readFileSync(values.plan, 'utf8'));
const cacheFolder = usableCacheFolder();

const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => stop.abort(signal));

/** The program with these arguments. @returns its exit status */
function lastchunk(args, env = {}) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [join(root, 'bin/lastchunk.js'), ...args], {
      cwd: root,
      env: { ...process.env, ...everywhere, ...env },
      stdio: ['ignore', 'ignore', 'inherit'],
      // In a group of its own: Ctrl-C reaches it once, from here, and it ends its server in peace.
      detached: true,
    });
    const end = () => child.kill(stop.signal.reason);
    stop.signal.addEventListener('abort', end, { once: true });
    child.once('close', (code) => {
      stop.signal.removeEventListener('abort', end);
      resolve(code);
    });
  });
}

const folderOf = ({ product, upstream }) =>
  upstream === undefined ? product : `${product}--${upstream.split('@')[0]}`;

/** The versions of a product as the plan has them: a list, or all that the index has, newest first. */
async function versionsOf({ product, upstream, versions }) {
  if (versions !== 'all') return versions.map((one) => (typeof one === 'string' ? { version: one } : one));
  const behind = upstream && { upstream: { baseUrl: 'http://127.0.0.1', model: '-' } };
  const listed = await recipeFor(product, { ...behind }).versions({ cacheFolder, signal: stop.signal });
  return listed.reverse().map((version) => ({ version }));
}

/** What the installers are told: packages as they were on a day, pins, and what the plan adds. */
function environmentOf(folder, { asOf, constraints, overrides, env = {} }) {
  const listed = (name, lines) => {
    const file = join(cacheFolder, 'observed', folder, `${name}.txt`);
    writeFileSync(file, `${lines.join('\n')}\n`);
    return file;
  };
  return {
    ...(asOf === undefined ? {} : { UV_EXCLUDE_NEWER: asOf, NPM_CONFIG_BEFORE: asOf }),
    ...(constraints === undefined ? {} : { UV_CONSTRAINT: listed('constraints', constraints) }),
    ...(overrides === undefined ? {} : { UV_OVERRIDE: listed('overrides', overrides) }),
    ...env,
  };
}

/** `$NAME` stands for a variable of the environment. */
const filledIn = (word) =>
  word.replace(/\$([A-Z_]+)/g, (_, name) => {
    if (process.env[name] === undefined) throw new Error(`${name} is not set (docs/observatory.md)`);
    return process.env[name];
  });

const argumentsOf = ({ arguments: own = [] }) => own.flat().map(filledIn);

/** Installs what a gateway is put in front of: with the packages of today, whatever the gateway's are. */
async function installUpstream(entry) {
  const [product, version] = entry.upstream.split('@');
  const briefly = ['--suite', 'smoke', '--only', 'usage-present', '--format', 'json'];
  await lastchunk(['upgrade', product, '--versions', version, ...argumentsOf(entry), ...briefly]);
}

/** Measures one version and keeps its record. @returns whether it is kept */
async function observe(entry, one) {
  const folder = folderOf(entry);
  const report = join(cacheFolder, 'observed', folder, `${one.version}.json`);
  mkdirSync(join(report, '..'), { recursive: true });
  if (values.again) rmSync(report, { force: true });
  if (!existsSync(report)) {
    const args = [...always, ...argumentsOf({ ...entry, ...one })];
    const upstream = entry.upstream === undefined ? [] : ['--upstream', entry.upstream];
    const output = ['--format', 'json', '--output', `json=${report}`];
    await lastchunk(
      ['upgrade', entry.product, '--versions', one.version, ...upstream, ...args, ...output],
      environmentOf(folder, { ...entry, ...one, env: { ...entry.env, ...one.env } }),
    );
    // What was broken off is no measurement.
    if (stop.signal.aborted) rmSync(report, { force: true });
  }
  return existsSync(report) && (await lastchunk(['matrix', '--save', values.records, report])) === 0;
}

const say = (text) => process.stdout.write(`${text}\n`);
const chosen = products.filter(
  (entry) => wanted === undefined || [entry.product, folderOf(entry)].includes(wanted),
);
if (chosen.length === 0) throw new Error(`the plan has no ${wanted}: ${products.map(folderOf).join(', ')}`);
const begun = Date.now();
const ready = new Set();
let [measured, passedOver, failed] = [0, 0, 0];
for (const entry of chosen) {
  const all = await versionsOf(entry);
  const named = wantedVersions?.split(',');
  const versions =
    named === undefined ? all : named.map((v) => all.find((one) => one.version === v) ?? { version: v });
  for (const one of versions) {
    if (stop.signal.aborted) break;
    const name = `${folderOf(entry)} ${one.version}`;
    const record = join(values.records, folderOf(entry), `${one.version}.json`);
    if (values.list) say(`${existsSync(record) ? 'kept' : 'open'}  ${name}`);
    else if (existsSync(record) && !values.again) passedOver += 1;
    else {
      say(name);
      if (entry.upstream !== undefined && !ready.has(entry.upstream)) await installUpstream(entry);
      ready.add(entry.upstream);
      if (await observe(entry, one)) measured += 1;
      else failed += 1;
    }
  }
}
const minutes = Math.ceil((Date.now() - begun) / 60_000);
if (!values.list)
  say(
    `${measured} kept, ${passedOver} passed over, ${failed} not kept; ${minutes} min${stop.signal.aborted ? '; interrupted' : ''}`,
  );
process.exitCode = stop.signal.aborted ? 130 : failed > 0 ? 3 : 0;
