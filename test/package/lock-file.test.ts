/** The lock file names every package that any platform needs, and nothing of the machine it was made on. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { satisfies } from 'semver';
import { expect, it } from 'vitest';

type Ranges = Readonly<Record<string, string>>;

interface Manifest {
  readonly dependencies?: Ranges;
  readonly devDependencies?: Ranges;
  readonly optionalDependencies?: Ranges;
  readonly peerDependencies?: Ranges;
  readonly peerDependenciesMeta?: Readonly<Record<string, { readonly optional?: boolean }>>;
  readonly engines?: Ranges;
}

interface Entry extends Manifest {
  readonly version?: string;
  readonly integrity?: string;
  readonly resolved?: string;
}

const read = (name: string): string =>
  readFileSync(fileURLToPath(new URL(`../../${name}`, import.meta.url)), 'utf8');
const manifest = JSON.parse(read('package.json')) as Manifest;
const { packages } = JSON.parse(read('package-lock.json')) as {
  readonly packages: Readonly<Record<string, Entry>>;
};
const entries = Object.entries(packages);
const installed = entries.filter(([path]) => path !== '');

/** The entry that a package at this path finds: its own, or that of a folder above. */
function found(path: string, name: string): Entry | undefined {
  const own = packages[`${path === '' ? '' : `${path}/`}node_modules/${name}`];
  if (own !== undefined || path === '') return own;
  return found(path.slice(0, Math.max(0, path.lastIndexOf('node_modules/') - 1)), name);
}

function needs({ dependencies, devDependencies, optionalDependencies, ...entry }: Manifest, path: string) {
  const peers = Object.entries(entry.peerDependencies ?? {}).filter(
    ([name]) => entry.peerDependenciesMeta?.[name]?.optional !== true,
  );
  // What others need for their own development is not installed.
  const dev = path === '' ? devDependencies : {};
  return [...Object.entries({ ...dependencies, ...optionalDependencies, ...dev }), ...peers];
}

it('has an entry for each package that a package needs, on whatever platform', () => {
  const missing = entries.flatMap(([path, entry]) =>
    needs(entry, path).flatMap(([name, range]) => {
      const version = found(path, name)?.version;
      const fits = version !== undefined && satisfies(version, range);
      return fits ? [] : [`${path || 'lastchunk'} needs ${name}@${range}: ${version ?? 'missing'}`];
    }),
  );
  expect(missing).toEqual([]);
});

it('knows the tools that are compiled for each platform', () => {
  const tools = entries.filter(([, { optionalDependencies }]) => optionalDependencies !== undefined);
  expect(tools.map(([path]) => path)).toEqual(
    expect.arrayContaining(['node_modules/@biomejs/biome', 'node_modules/esbuild', 'node_modules/rollup']),
  );
});

it('is of the same package.json', () => {
  const { dependencies, devDependencies, engines } = packages[''] ?? {};
  expect({ dependencies, devDependencies, engines }).toEqual({
    dependencies: manifest.dependencies,
    devDependencies: manifest.devDependencies,
    engines: manifest.engines,
  });
});

it('holds a checksum of each package, and no address to download it from', () => {
  const bad = installed.filter(
    ([, { integrity, resolved }]) => resolved !== undefined || !/^sha512-/.test(integrity ?? ''),
  );
  expect(bad.map(([path]) => path)).toEqual([]);
});
