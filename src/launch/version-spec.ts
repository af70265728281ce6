import semver from 'semver';
import { UserError } from '../model/errors.ts';
import { LaunchError } from './errors.ts';
import { comparePythonVersions, isPrerelease, type PythonVersion, parsePythonVersion } from './pep440.ts';

/** Versions that cannot be meant. */
export class VersionSpecError extends UserError {
  override readonly name = 'VersionSpecError';
}

/**
 * Which versions a user means: a comma list of versions, `latest` and ranges, such as `0.2.84,0.2.87,latest`,
 * `0.2.x` or `>=0.2.84 <0.3`. Neighbouring comparisons (`>=0.2.84,<0.3`) are one range, as pip writes them.
 *
 * @param list asked once, and only when there is a `latest` or a range in it; oldest first.
 * @returns in the order written, a range oldest first, each version once.
 * @throws VersionSpecError for what is neither, and for a range that nothing satisfies.
 */
export async function resolveVersions(
  spec: string,
  list: () => Promise<readonly string[]>,
): Promise<string[]> {
  const items = joinComparisons(
    spec
      .split(',')
      .map((item) => item.trim())
      .filter((item) => item !== ''),
  );
  if (items.length === 0) throw new VersionSpecError('no version was named');
  let listed: Promise<readonly string[]> | undefined;
  const all = () => {
    listed ??= list();
    return listed;
  };
  const chosen: string[] = [];
  for (const item of items) chosen.push(...(await resolveItem(item, all)));
  return [...new Set(chosen)];
}

const comparison = /^(>=?|<=?|==?|!=|~=)/;

function joinComparisons(items: readonly string[]): string[] {
  const joined: string[] = [];
  for (const item of items) {
    const before = joined.at(-1);
    if (before !== undefined && comparison.test(before) && comparison.test(item))
      joined.push(`${joined.pop()} ${item}`);
    else joined.push(item);
  }
  return joined;
}

async function resolveItem(item: string, all: () => Promise<readonly string[]>): Promise<string[]> {
  if (item === 'latest') {
    const known = (await all()).map(parsePythonVersion).filter((version) => version !== undefined);
    const newest = known.findLast((version) => !isPrerelease(version)) ?? known.at(-1);
    if (!newest) throw new VersionSpecError('there is no latest version: the list of versions is empty');
    return [newest.text];
  }
  const exact = parsePythonVersion(item.replace(/^==?\s*/, ''));
  if (exact) return [exact.text];
  const range = semver.validRange(item);
  if (range === null)
    throw new VersionSpecError(`"${item}" is neither a version, a range such as ">=0.2.84 <0.3", nor latest`);
  const versions = await all();
  const matching = versions.filter((text) => {
    const version = parsePythonVersion(text);
    return version !== undefined && semver.satisfies(asSemver(version), range, { includePrerelease: true });
  });
  if (matching.length === 0) {
    const span =
      versions.length > 0 ? `; there are ${versions.length}, ${versions[0]} to ${versions.at(-1)}` : '';
    throw new VersionSpecError(`no version satisfies "${item}"${span}`);
  }
  return matching;
}

/** The nearest semantic version: three parts (a fourth is dropped), and the pre-release the way semver writes it. */
export function asSemver(version: PythonVersion): string {
  const [major = 0, minor = 0, patch = 0] = version.release;
  const pre = version.pre
    ? `-${version.pre.kind}.${version.pre.number}`
    : version.dev !== undefined
      ? `-0.dev.${version.dev}`
      : '';
  return `${major}.${minor}.${patch}${pre}`;
}

/**
 * The part of an ordered list from one version to another, both included, whichever is older.
 *
 * @throws LaunchError when one of the two is not in the list.
 */
export function versionsBetween(versions: readonly string[], one: string, other: string): string[] {
  const [a, b] = [indexOfVersion(versions, one), indexOfVersion(versions, other)];
  return versions.slice(Math.min(a, b), Math.max(a, b) + 1);
}

/** Where a version stands in a list; `1.0` finds `1.0.0`, and a name that is no version finds itself. */
export function indexOfVersion(versions: readonly string[], wanted: string): number {
  const exact = versions.indexOf(wanted);
  if (exact >= 0) return exact;
  const parsed = parsePythonVersion(wanted);
  const equal = versions.findIndex((text) => {
    const version = parsePythonVersion(text);
    return parsed !== undefined && version !== undefined && comparePythonVersions(parsed, version) === 0;
  });
  if (equal >= 0) return equal;
  const span = versions.length > 0 ? `${versions[0]} to ${versions.at(-1)}` : 'which is empty';
  throw new LaunchError(`version ${wanted} is not in the list (${versions.length}, ${span})`);
}
