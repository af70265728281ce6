import { LaunchError } from './errors.ts';

/** What one version turned out to be; `unavailable` when it could not be installed, started or judged. */
export type BisectVerdict = 'good' | 'bad' | 'unavailable';

/** What has to be kept to continue later; plain JSON. */
export interface BisectState {
  readonly good: string;
  readonly bad: string;
  readonly verdicts: Readonly<Record<string, BisectVerdict>>;
}

/** An end of the search was judged otherwise than stated. */
export class EndError extends LaunchError {
  readonly found: BisectVerdict;

  constructor(version: string, said: 'good' | 'bad', found: BisectVerdict) {
    const what = found === 'unavailable' ? 'could not be judged' : `was found to be ${found}`;
    super(`version ${version} is said to be ${said}, but ${what}`);
    this.found = found;
  }
}

export interface BisectOptions {
  /** In order of release, with `good` and `bad` among them. What lies outside the two is not looked at. */
  readonly versions: readonly string[];
  readonly good: string;
  /** Usually the newer one; when it is the older one, the search is for the version that mended it. */
  readonly bad: string;
  readonly probe: (version: string) => Promise<BisectVerdict>;
  /** Verdicts of an earlier search for the same two ends; those for other ends are an error. */
  readonly state?: BisectState | undefined;
  /** Probe `good` and `bad` too, instead of taking them for granted. */
  readonly verifyEnds?: boolean;
  /** Called after every probe, with the state to keep. */
  readonly onVerdict?: (version: string, verdict: BisectVerdict, state: BisectState) => void | Promise<void>;
}

export interface BisectResult {
  /** The bad version next to the last good one: the first bad one, or when it was mended, the last bad one. */
  readonly firstBad: string;
  readonly lastGood: string;
  /** How many versions were judged good or bad, earlier runs with the same state included. */
  readonly tested: number;
  /** The versions that turned out to be unavailable, in the order given. */
  readonly skipped: string[];
  /** Whether nothing lies between the two. Otherwise the flip is at `firstBad` or one of `suspects`. */
  readonly exact: boolean;
  /** The unavailable versions between the two, any of which may have brought the change. */
  readonly suspects: string[];
  /** `broke` when the good version is the older one, `mended` when the bad one is. */
  readonly direction: 'broke' | 'mended';
}

/**
 * Finds where a verdict flips between two versions, with about log2 of their number of probes, and one more for each
 * version that turns out to be unavailable.
 *
 * @throws LaunchError when an end is not in the list, is found to be something else than said, or the state belongs to
 *   another search; whatever `probe` and `onVerdict` throw (the state given last is good to go on from).
 */
export async function bisect(options: BisectOptions): Promise<BisectResult> {
  const { good, bad } = options;
  const [goodAt, badAt] = [options.versions.indexOf(good), options.versions.indexOf(bad)];
  if (goodAt < 0) throw new LaunchError(`the good version ${good} is not in the list of versions`);
  if (badAt < 0) throw new LaunchError(`the bad version ${bad} is not in the list of versions`);
  if (goodAt === badAt) throw new LaunchError(`version ${good} cannot be both good and bad`);
  const direction = goodAt < badAt ? 'broke' : 'mended';
  const line = options.versions.slice(Math.min(goodAt, badAt), Math.max(goodAt, badAt) + 1);
  if (direction === 'mended') line.reverse();

  const verdicts = new Map(Object.entries(stateFor(options)));
  const judge = async (version: string): Promise<BisectVerdict> => {
    const verdict = verdicts.get(version) ?? (await options.probe(version));
    if (!verdicts.has(version)) {
      verdicts.set(version, verdict);
      await options.onVerdict?.(version, verdict, { good, bad, verdicts: Object.fromEntries(verdicts) });
    }
    return verdict;
  };

  if (options.verifyEnds) {
    await verifyEnd(good, 'good', judge);
    await verifyEnd(bad, 'bad', judge);
  }

  let [low, high] = narrowest(line, verdicts);
  let unavailableInARow = 0;
  for (;;) {
    const open = indicesBetween(low, high).filter(
      (index) => verdicts.get(line[index] ?? '') !== 'unavailable',
    );
    const next = pick(open, unavailableInARow);
    if (next === undefined) break;
    const verdict = await judge(line[next] ?? '');
    unavailableInARow = verdict === 'unavailable' ? unavailableInARow + 1 : 0;
    if (verdict === 'good') low = next;
    if (verdict === 'bad') high = next;
  }

  const suspects = line.slice(low + 1, high);
  const inLine = new Set(line);
  const judged = [...verdicts].filter(
    ([version, verdict]) => inLine.has(version) && verdict !== 'unavailable',
  );
  return {
    firstBad: line[high] ?? bad,
    lastGood: line[low] ?? good,
    tested: judged.length,
    skipped: options.versions.filter(
      (version) => inLine.has(version) && verdicts.get(version) === 'unavailable',
    ),
    exact: suspects.length === 0,
    suspects: direction === 'mended' ? suspects.reverse() : suspects,
    direction,
  };
}

function stateFor({ state, good, bad }: BisectOptions): Readonly<Record<string, BisectVerdict>> {
  if (!state) return {};
  if (state.good === good && state.bad === bad) return state.verdicts;
  const theirs = `good ${state.good} and bad ${state.bad}`;
  throw new LaunchError(`the saved state is of another search (${theirs}, not good ${good} and bad ${bad})`);
}

async function verifyEnd(
  version: string,
  said: 'good' | 'bad',
  judge: (version: string) => Promise<BisectVerdict>,
): Promise<void> {
  const found = await judge(version);
  if (found !== said) throw new EndError(version, said, found);
}

/** The first bad one known, and the last good one known before it. */
function narrowest(line: readonly string[], verdicts: ReadonlyMap<string, BisectVerdict>): [number, number] {
  const last = line.length - 1;
  const firstBad = line.findIndex((version, index) => index > 0 && verdicts.get(version) === 'bad');
  const high = firstBad === -1 ? last : firstBad;
  const low = line.findLastIndex((version, index) => index < high && verdicts.get(version) === 'good');
  return [Math.max(low, 0), high];
}

function indicesBetween(low: number, high: number): number[] {
  return Array.from({ length: Math.max(0, high - low - 1) }, (_, offset) => low + 1 + offset);
}

/** So many unavailable versions in a row are taken for chance; more are taken for a stretch that is broken as a whole. */
const chance = 2;

/**
 * The middle of what is left. In a broken stretch its neighbours are likely broken too, so that after some in a row
 * the steps away from the middle grow fourfold, to either side in turn: up to the quarters, for what lies further out
 * splits the rest badly, and only when those are broken as well half-way on to the ends, again and again.
 */
function pick(open: readonly number[], unavailableInARow: number): number | undefined {
  const middle = Math.floor(open.length / 2);
  const beyond = unavailableInARow - chance;
  if (beyond <= 0) return open[middle];
  const round = Math.ceil(beyond / 2);
  const quarter = Math.floor(open.length / 4);
  const roundsToQuarter = Math.ceil(Math.log(Math.max(quarter, 1)) / Math.log(4));
  const toTheEnd = Math.floor(quarter / 2 ** Math.max(0, round - roundsToQuarter));
  const step = round < roundsToQuarter ? 4 ** round : middle - toTheEnd;
  return open[beyond % 2 === 1 ? middle - step : middle + step] ?? open[middle];
}
