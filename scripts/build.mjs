// Makes what is shipped out of the sources, into dist/: few files, with the packages they use, so that a start reads little.
// With --types also the declarations of what programs may import, which takes some seconds. Beside it, in build/, modules for
// bench/, fuzz/ and scripts/, which want more than what is exported.
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));
const at = (path) => join(root, path);

/**
 * What is shipped: a folder each, with what runs there. Files lie two folders deep, as the sources do: both find docs/ and
 * package.json at the same place.
 */
const BUNDLES = [
  {
    folder: 'dist/node',
    entries: { cli: 'src/cli/main.ts', index: 'src/index.ts' },
    /** Of these entries programs need the types. */
    typed: ['index'],
    settings: {
      platform: 'node',
      target: 'node20',
      // Packages that are CommonJS ask for Node's own modules by it.
      banner: {
        js: "import { createRequire as requireFrom } from 'node:module';\nconst require = requireFrom(import.meta.url);",
      },
    },
  },
  {
    // Also for browsers: nothing of Node is there to be imported.
    folder: 'dist/client',
    entries: { index: 'src/client/index.ts' },
    typed: ['index'],
    settings: { platform: 'browser', target: 'es2022' },
  },
];

/** Modules of src/ that bench/, fuzz/ and scripts/ import out of build/. */
const INSIDE = [
  'apis/chat',
  // Finds docs/ from where it lies.
  'checks/words',
  'cli/exit',
  'commands/support/read-records',
  'commands/support/terminal-context',
  'config/baseline-schema',
  'config/schema',
  'config/selection',
  'launch/cache-folder',
  'matrix/matrix',
  'matrix/record-schema',
  'model/report',
  // Finds docs/ from where it lies.
  'products/observed',
  'products/recipe-for',
  'proxy/proxy',
  'proxy/target',
  'recordings/recording',
  'recordings/recording-files',
  'recordings/stream-events',
  'reporters/index',
  'reporters/matrix/pages',
  'reporters/report-schema',
  'run/run',
  'run/run-recording',
  'tokenizer/gguf-vocabulary',
  'tokenizer/index',
  'tokenizer/load-gguf',
  'tokenizer/packed-strings',
  'wire/send',
];

/** undici's own entry also loads fetch, WebSockets, caches and mocks, which are most of it. */
const LEAN_UNDICI = `
  export { default as buildConnector } from 'undici/lib/core/connect.js';
  export { default as Client } from 'undici/lib/dispatcher/client.js';
  export { default as EnvHttpProxyAgent } from 'undici/lib/dispatcher/env-http-proxy-agent.js';`;

const leanUndici = {
  name: 'lean-undici',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^undici$/ }, () => ({ path: 'undici', namespace: 'lean' }));
    onLoad({ filter: /.*/, namespace: 'lean' }, () => ({ contents: LEAN_UNDICI, resolveDir: root }));
  },
};

/** Writes these files, and takes away what was in the folder before. Nothing changes where the build fails. */
function replaceFolder(folder, files) {
  rmSync(at(folder), { recursive: true, force: true });
  for (const { path, contents } of files) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, contents);
  }
}

/** Licences ask to go along with what they are of. */
function licencesOf(inputs) {
  const packages = new Set(
    inputs.flatMap((path) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.slice(0, 1) ?? []),
  );
  return [...packages].sort().map((folder) => {
    const { name, version, license } = JSON.parse(readFileSync(at(`${folder}/package.json`), 'utf8'));
    const file = readdirSync(at(folder)).find((entry) => /^licen[cs]e/i.test(entry));
    const text = file === undefined ? '' : `\n${readFileSync(at(`${folder}/${file}`), 'utf8').trim()}\n`;
    return `${name} ${version} (${license})\n${text}`;
  });
}

/** Nothing is minified: a stack trace is read as it is. */
async function bundle({ folder, entries, settings }) {
  const { outputFiles, metafile } = await build({
    absWorkingDir: root,
    entryPoints: entries,
    outdir: folder,
    bundle: true,
    splitting: true,
    format: 'esm',
    chunkNames: '[name]-[hash]',
    metafile: true,
    write: false,
    logLevel: 'warning',
    plugins: [leanUndici],
    ...settings,
  });
  replaceFolder(folder, outputFiles);
  return Object.keys(metafile.inputs);
}

async function bundleInside() {
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: INSIDE.map((name) => `src/${name}.ts`),
    outbase: 'src',
    outdir: 'build',
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    packages: 'external',
    chunkNames: 'shared/[hash]',
    write: false,
    logLevel: 'warning',
  });
  replaceFolder('build', outputFiles);
}

/** The recordings of the demo, a twentieth of their size. */
function packDemo() {
  const names = readdirSync(at('fixtures/recordings'));
  replaceFolder(
    'dist/demo',
    names.flatMap((name) => {
      const bytesOf = (file) => readFileSync(at(`fixtures/recordings/${name}/${file}`));
      const to = (file) => at(`dist/demo/${name}/${file}`);
      return [
        { path: to('recording.json'), contents: bytesOf('recording.json') },
        { path: to('exchanges.jsonl.gz'), contents: gzipSync(bytesOf('exchanges.jsonl')) },
      ];
    }),
  );
}

/** One file an entry, with all that it needs of the sources; a wrong type ends it. */
async function declare({ folder, entries, typed }) {
  const [{ rollup }, { dts }] = await Promise.all([import('rollup'), import('rollup-plugin-dts')]);
  const input = Object.fromEntries(typed.map((name) => [name, at(entries[name])]));
  const made = await rollup({ input, plugins: [dts({ tsconfig: at('tsconfig.json') })] });
  await made.write({ dir: at(folder), format: 'es' });
  await made.close();
}

const used = await Promise.all(BUNDLES.map(bundle));
writeFileSync(at('dist/LICENCES.txt'), licencesOf(used.flat()).join('\n----\n\n'));
packDemo();
await bundleInside();
// Such a schema lists the checks, say.
await import('./write-schemas.mjs');
if (process.argv.includes('--types')) await Promise.all(BUNDLES.map(declare));
