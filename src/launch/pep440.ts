/**
 * Python package versions (PEP 440): llama-cpp-python's `0.2.84`, xllamacpp's `2026.4.8672.1`, vLLM's `0.6.0rc1`.
 * They are no semantic versions: any number of parts, pre-releases without a dash, post-releases, epochs.
 */
export interface PythonVersion {
  /** As it was written. */
  readonly text: string;
  readonly epoch: number;
  readonly release: readonly number[];
  readonly pre: { readonly kind: 'a' | 'b' | 'rc'; readonly number: number } | undefined;
  readonly post: number | undefined;
  readonly dev: number | undefined;
  readonly local: string | undefined;
}

const shape =
  /^v?(?:(\d+)!)?(\d+(?:\.\d+)*)(?:[-_.]?(a|b|c|rc|alpha|beta|pre|preview)[-_.]?(\d*))?(?:-(\d+)|[-_.]?(post|rev|r)[-_.]?(\d*))?(?:[-_.]?(dev)[-_.]?(\d*))?(?:\+([a-z0-9]+(?:[-_.][a-z0-9]+)*))?$/i;

/** @returns undefined when the text is no version. */
export function parsePythonVersion(text: string): PythonVersion | undefined {
  const found = shape.exec(text.trim());
  if (!found) return undefined;
  const [, epoch, release, preKind, preNumber, dashPost, post, postNumber, dev, devNumber, local] = found;
  return {
    text: text.trim(),
    epoch: Number(epoch ?? 0),
    release: (release ?? '').split('.').map(Number),
    pre: preKind === undefined ? undefined : { kind: preName(preKind), number: Number(preNumber || 0) },
    post:
      dashPost !== undefined ? Number(dashPost) : post === undefined ? undefined : Number(postNumber || 0),
    dev: dev === undefined ? undefined : Number(devNumber || 0),
    local: local?.toLowerCase().replace(/[-_]/g, '.'),
  };
}

function preName(text: string): 'a' | 'b' | 'rc' {
  const kind = text.toLowerCase();
  if (kind === 'a' || kind === 'alpha') return 'a';
  if (kind === 'b' || kind === 'beta') return 'b';
  return 'rc';
}

/** Whether it comes before the release it is named after. */
export function isPrerelease(version: PythonVersion): boolean {
  return version.pre !== undefined || version.dev !== undefined;
}

/** Negative when `a` is older, positive when it is newer, 0 when they are equal (`1.0` and `1.0.0` are). */
export function comparePythonVersions(a: PythonVersion, b: PythonVersion): number {
  return (
    a.epoch - b.epoch ||
    compareNumbers(a.release, b.release) ||
    compareNumbers(preRank(a), preRank(b)) ||
    (a.post ?? -1) - (b.post ?? -1) ||
    // A development version comes before what it develops towards.
    compareNumbers([a.dev ?? Number.MAX_SAFE_INTEGER], [b.dev ?? Number.MAX_SAFE_INTEGER]) ||
    compareLocal(a.local, b.local)
  );
}

function compareNumbers(a: readonly number[], b: readonly number[]): number {
  for (let i = 0; i < Math.max(a.length, b.length); i++) {
    const difference = (a[i] ?? 0) - (b[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** `1.0.dev1` < `1.0a1` < `1.0b1` < `1.0rc1` < `1.0`. */
function preRank({ pre, post, dev }: PythonVersion): readonly number[] {
  if (pre) return [{ a: 1, b: 2, rc: 3 }[pre.kind], pre.number];
  return dev !== undefined && post === undefined ? [0, 0] : [4, 0];
}

/** No local part comes first; numbers come after words. */
function compareLocal(a: string | undefined, b: string | undefined): number {
  if (a === b) return 0;
  if (a === undefined) return -1;
  if (b === undefined) return 1;
  const left = a.split('.');
  const right = b.split('.');
  for (let i = 0; i < Math.max(left.length, right.length); i++) {
    const [l, r] = [left[i], right[i]];
    if (l === undefined) return -1;
    if (r === undefined) return 1;
    if (l === r) continue;
    const [lIsNumber, rIsNumber] = [/^\d+$/.test(l), /^\d+$/.test(r)];
    if (lIsNumber && rIsNumber) {
      if (Number(l) !== Number(r)) return Number(l) - Number(r);
    } else if (lIsNumber !== rIsNumber) return lIsNumber ? 1 : -1;
    else return l < r ? -1 : 1;
  }
  return 0;
}
