import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type BisectOptions, type BisectState, type BisectVerdict, bisect } from '../../src/launch/bisect.ts';

const line = (length: number) => Array.from({ length }, (_, i) => `1.${i}.0`);

interface World {
  readonly versions: string[];
  readonly truth: BisectVerdict[];
  readonly flip: number;
}

/** A list that turns bad at `flip`, with holes anywhere but at its ends. */
const worlds: fc.Arbitrary<World> = fc
  .integer({ min: 2, max: 200 })
  .chain((length) =>
    fc.record({
      length: fc.constant(length),
      flip: fc.integer({ min: 1, max: length - 1 }),
      holes: fc.uniqueArray(fc.integer({ min: 1, max: Math.max(1, length - 2) }), { maxLength: length }),
      stretch: fc.tuple(fc.nat(length), fc.nat(length)),
    }),
  )
  .map(({ length, flip, holes, stretch: [from, size] }) => ({
    versions: line(length),
    flip,
    truth: line(length).map((_, i): BisectVerdict => {
      const inside = i > 0 && i < length - 1;
      if (inside && (holes.includes(i) || (i >= from && i < from + size))) return 'unavailable';
      return i < flip ? 'good' : 'bad';
    }),
  }));

function search({ versions, truth }: World, more: Partial<BisectOptions> = {}) {
  const probed: string[] = [];
  const probe = async (version: string): Promise<BisectVerdict> => {
    probed.push(version);
    return truth[versions.indexOf(version)] ?? 'unavailable';
  };
  const ends = { good: versions[0] ?? '', bad: versions.at(-1) ?? '' };
  return { probed, result: bisect({ versions, ...ends, probe, ...more }) };
}

/** The right answer, found by looking at every version. */
function expected({ versions, truth, flip }: World) {
  const lastGood = truth.findLastIndex((verdict, i) => i < flip && verdict === 'good');
  const firstBad = truth.findIndex((verdict, i) => i >= flip && verdict === 'bad');
  return {
    firstBad: versions[firstBad],
    lastGood: versions[lastGood],
    suspects: versions.slice(lastGood + 1, firstBad),
    exact: firstBad === lastGood + 1,
  };
}

describe('bisect', () => {
  it('finds the flip in any list with holes, and asks each version at most once', async () => {
    await fc.assert(
      fc.asyncProperty(worlds, async (world) => {
        const { probed, result } = search(world);
        expect(await result).toMatchObject(expected(world));
        expect(new Set(probed).size).toBe(probed.length);
        expect((await result).skipped).toEqual(
          world.versions.filter((v, i) => probed.includes(v) && world.truth[i] === 'unavailable'),
        );
      }),
      { numRuns: 500 },
    );
  });

  it('takes about log2 probes, and one more for each unavailable one it meets', async () => {
    await fc.assert(
      fc.asyncProperty(worlds, async (world) => {
        const { probed, result } = search(world);
        const { skipped, tested } = await result;
        expect(tested).toBe(probed.length - skipped.length);
        // Stepping out of a broken stretch halves less well; it pays for that with what it has skipped.
        const slack = Math.floor(skipped.length / 3);
        expect(tested).toBeLessThanOrEqual(Math.ceil(Math.log2(world.versions.length)) + slack);
      }),
      { numRuns: 1000 },
    );
  });

  it('gets out of a broken stretch without trying all of it', async () => {
    const truth = line(1000).map(
      (_, i): BisectVerdict => (i >= 300 && i < 700 ? 'unavailable' : i < 800 ? 'good' : 'bad'),
    );
    const { probed, result } = search({ versions: line(1000), truth, flip: 800 });
    expect(await result).toMatchObject({ firstBad: '1.800.0', lastGood: '1.799.0', exact: true });
    expect(probed.length).toBeLessThan(45);
  });

  it('needs no probe when the two are neighbours, unless the ends are to be verified', async () => {
    const world: World = { versions: line(2), truth: ['good', 'bad'], flip: 1 };
    const bare = search(world);
    expect(await bare.result).toEqual({
      firstBad: '1.1.0',
      lastGood: '1.0.0',
      tested: 0,
      skipped: [],
      exact: true,
      suspects: [],
      direction: 'broke',
    });
    expect(bare.probed).toEqual([]);
    const verified = search(world, { verifyEnds: true });
    expect((await verified.result).tested).toBe(2);
  });

  it('goes on from any state it gave, to the same answer, without asking again', async () => {
    await fc.assert(
      fc.asyncProperty(worlds, fc.nat(12), async (world, stopAfter) => {
        let state: BisectState | undefined;
        let calls = 0;
        const onVerdict = (_version: string, _verdict: BisectVerdict, now: BisectState) => {
          state = JSON.parse(JSON.stringify(now));
          if (++calls === stopAfter) throw new Error('interrupted');
        };
        const first = search(world, { onVerdict });
        const finished = await first.result.catch(() => undefined);
        const second = search(world, { state });
        expect(await second.result).toMatchObject(expected(world));
        expect(second.probed.filter((version) => first.probed.includes(version))).toEqual([]);
        if (finished) expect(await second.result).toEqual(finished);
      }),
    );
  });

  it('looks for what mended it when the bad version is the older one', async () => {
    const versions = line(6);
    const truth: BisectVerdict[] = ['bad', 'bad', 'bad', 'unavailable', 'good', 'good'];
    const { result } = search({ versions, truth, flip: 0 }, { good: '1.5.0', bad: '1.0.0' });
    expect(await result).toMatchObject({
      firstBad: '1.2.0',
      lastGood: '1.4.0',
      suspects: ['1.3.0'],
      skipped: ['1.3.0'],
      exact: false,
      direction: 'mended',
    });
  });

  it('finds a flip even where the list flips more than once', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom<BisectVerdict>('good', 'bad'), { maxLength: 60 }),
        async (inner) => {
          const truth: BisectVerdict[] = ['good', ...inner, 'bad'];
          const versions = line(truth.length);
          const { lastGood, firstBad } = await search({ versions, truth, flip: 0 }).result;
          expect(truth[versions.indexOf(lastGood)]).toBe('good');
          expect(truth[versions.indexOf(firstBad)]).toBe('bad');
          expect(versions.indexOf(firstBad)).toBe(versions.indexOf(lastGood) + 1);
        },
      ),
    );
  });

  it('refuses ends that are not what they are said to be', async () => {
    const world: World = { versions: line(3), truth: ['bad', 'bad', 'bad'], flip: 0 };
    await expect(search(world, { verifyEnds: true }).result).rejects.toThrow(
      'version 1.0.0 is said to be good, but was found to be bad',
    );
    await expect(search(world, { good: '9' }).result).rejects.toThrow('good version 9 is not in the list');
    await expect(search(world, { bad: '9' }).result).rejects.toThrow('bad version 9 is not in the list');
    await expect(search(world, { bad: '1.0.0' }).result).rejects.toThrow('cannot be both');
    const state: BisectState = { good: '0', bad: '1', verdicts: {} };
    await expect(search(world, { state }).result).rejects.toThrow('of another search');
  });
});
