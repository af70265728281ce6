import { compare, explain, satisfies, validRange } from '@renovatebot/pep440';
import semver from 'semver';
import { UserError } from '../model/errors.ts';
import { LaunchError } from './errors.ts';

/** Whether it is a version of a Python package (PEP 440), such as `0.6.0rc1` or `2026.4.8672.1`. */
export function isVersion(text: string): boolean {
  return explain(text) !== null;
}

/** Whether it comes before the release it is named after; false for what is no version. */
export function isPrerelease(text: string): boolean {
  return explain(text)?.is_prerelease === true;
}

/** Oldest first; what is no version is left out, and so are pre-releases unless wanted. */
export function sortVersions(versions: readonly string[], prereleases: boolean): string[] {
  return [...new Set(versions)]
    .filter((version) => isVersion(version) && (prereleases || !isPrerelease(version)))
    .sort(compare);
}

/** Orders versions, the oldest first; what is no version of Python is ordered by the numbers in it (`b999` before `b1000`). */
export function compareVersions(a: string, b: string): number {
  return isVersion(a) && isVersion(b) ? compare(a, b) : a.localeCompare(b, 'en', { numeric: true });
}

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
    const known = (await all()).filter(isVersion);
    const newest = known.findLast((version) => !isPrerelease(version)) ?? known.at(-1);
    if (newest === undefined)
      throw new VersionSpecError('there is no latest version: the list of versions is empty');
    return [newest];
  }
  const exact = item.replace(/^==?\s*/, '');
  if (isVersion(exact)) return [exact];
  const isWithin = semverRange(item) ?? pythonRange(item);
  if (isWithin === null)
    throw new VersionSpecError(`"${item}" is neither a version, a range such as ">=0.2.84 <0.3", nor latest`);
  const versions = await all();
  const matching = versions.filter((version) => isVersion(version) && isWithin(version));
  if (matching.length === 0) {
    const span =
      versions.length > 0 ? `; there are ${versions.length}, ${versions[0]} to ${versions.at(-1)}` : '';
    throw new VersionSpecError(`no version satisfies "${item}"${span}`);
  }
  return matching;
}

type Range = (version: string) => boolean;

/** A range as npm writes them. Its ends are compared as Python versions, which may have a fourth number or a post-release. */
function semverRange(text: string): Range | null {
  const range = semver.validRange(text);
  if (range === null) return null;
  const alternatives = new semver.Range(range).set.map((comparators) =>
    comparators
      .filter(({ value }) => value !== '') // any version
      .map(({ operator, semver: end }) => ({ operator, end: pythonVersion(end) })),
  );
  if (!alternatives.flat().every(({ end }) => isVersion(end))) return null;
  return (version) => {
    const published = version.replace(/\+.*/, '');
    return alternatives.some((ends) =>
      ends.every(({ operator, end }) => holds(compare(published, end), operator)),
    );
  };
}

function holds(order: number, operator: semver.Comparator['operator']): boolean {
  switch (operator) {
    case '<':
      return order < 0;
    case '<=':
      return order <= 0;
    case '>':
      return order > 0;
    case '>=':
      return order >= 0;
    default:
      return order === 0;
  }
}

/** `1.2.3-rc.1` → `1.2.3rc1`; `1.2.3-0`, before which semver has nothing of 1.2.3, → `1.2.3.dev0`. */
function pythonVersion({ major, minor, patch, prerelease }: semver.SemVer): string {
  const before = typeof prerelease[0] === 'number' ? '.dev' : '';
  return `${major}.${minor}.${patch}${before}${prerelease.join('')}`;
}

/** A range as pip writes them, where npm's have no such form: `>=2026.4.8672.1 !=2026.5.8700`. */
function pythonRange(text: string): Range | null {
  const specifiers = text.replace(/\s+(?=[<>=!~])/g, ',');
  return validRange(specifiers) ? (version) => satisfies(version, specifiers, { prereleases: true }) : null;
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
  const equal = isVersion(wanted)
    ? versions.findIndex((version) => isVersion(version) && compare(wanted, version) === 0)
    : -1;
  if (equal >= 0) return equal;
  const span = versions.length > 0 ? `${versions[0]} to ${versions.at(-1)}` : 'which is empty';
  throw new LaunchError(`version ${wanted} is not in the list (${versions.length}, ${span})`);
}
