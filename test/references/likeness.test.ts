/** What kind of wrong a count looks like, in words. */
import { expect, it } from 'vitest';
import { completionLikeness, type JudgedCount, promptLikeness } from '../../src/references/likeness.ts';

type Pair = readonly [reported: number, expected: number];

const of = (...pairs: readonly Pair[]): JudgedCount[] =>
  pairs.map(([reported, expected]) => ({ reported, expected, text: 'x'.repeat(1000 + expected) }));
/** So many that are counted truly. */
const right = (cases: number) => of(...Array.from({ length: cases }, (_, at): Pair => [100 + at, 100 + at]));
const about = (texts: readonly string[], measure: (text: string) => number): JudgedCount[] =>
  texts.map((text, at) => ({ reported: measure(text), expected: 2 + at, text }));
const seen = (judged: readonly JudgedCount[]) => ({
  judged,
  reported: judged.map(({ reported }) => reported),
});

it.each<[string, JudgedCount[], RegExp]>([
  ['BOS', of([9, 10], [19, 20], [29, 30]), /^1 fewer in every case: looks like a missing BOS$/],
  ['template', of([7, 10], [17, 20], [7, 10]), /^3 fewer in every case: looks like a missing BOS\/template/],
  ['in some', [...of([7, 10], [17, 20], [27, 30]), ...right(2)], /^3 fewer in 3 of 5 cases/],
  ['BOS twice', of([11, 10], [21, 20], [31, 30]), /^1 more in every case: looks like a BOS counted twice$/],
  [
    'factor',
    of([20, 10], [40, 20], [60, 30]),
    /^2 times what it should be in every case: looks like a factor$/,
  ],
  ['half', of([5, 10], [10, 20], [15, 30]), /^0\.5 times what it should be/],
  ['large and rounded', of([50, 100], [101, 201], [150, 301]), /^0\.5 times what it should be/],
  ['always', of([4, 10], [4, 20], [4, 30]), /^is always 4$/],
  ['always, which is right somewhere', of([8, 8], [8, 16], [8, 16]), /^is always 8$/],
  [
    'characters',
    about(['hello', 'young', 'there!'], (text) => text.length),
    /^equals the number of characters in/,
  ],
  [
    'characters beyond ASCII',
    about(['a🦊b', 'é🦊', 'ñandú'], (text) => [...text].length),
    /^equals the number of ch/,
  ],
  ['bytes', about(['a🦊b', 'é🦊', 'ñandú'], Buffer.byteLength), /^equals the number of bytes in every case$/],
  [
    'words',
    about(['some word  after', 'one', 'two of'], (text) => text.split(/\s+/).length),
    /^equals the number of w/,
  ],
])('prompt: %s', (_what, judged, says) => {
  expect(promptLikeness(seen(judged))).toMatch(says);
});

const CHUNKS = [3, 5, 4].map((chunks, at) => ({
  chunks,
  reported: chunks,
  expected: 8 + 8 * (at % 2),
  text: 'a b',
}));

it.each<[string, JudgedCount[], RegExp]>([
  ['chunks', CHUNKS, /^equals the number of chunks in every case$/],
  [
    'chunks that are re-tokenised text, too',
    CHUNKS.map((count) => ({ ...count, retokenised: count.chunks })),
    /^equals the tokens of the text when it is tokenized again: .*, and equals the number of chunks in every case$/,
  ],
  [
    're-tokenised, as far as that is known',
    [...CHUNKS.map(({ chunks, ...count }) => ({ ...count, retokenised: chunks })), ...of([12, 16])],
    /^equals the tokens of the text when it is tokenized again: .* in 3 of 4 cases$/,
  ],
  ['off by one', of([7, 8], [15, 16], [7, 8]), /^1 fewer in every case: looks like an off-by-one$/],
])('completion: %s', (_what, judged, says) => {
  expect(completionLikeness(seen(judged))).toMatch(says);
});

it.each<[string, JudgedCount[]]>([
  ['no pattern', of([3, 10], [40, 20], [11, 30])],
  ['nothing', []],
  ['two cases', of([7, 10], [17, 20])],
  ['one right value, by which a factor, an offset and a constant are the same', of([4, 8], [4, 8], [4, 8])],
  ['small values that a rounded factor would fit', of([1, 8], [1, 16], [2, 24])],
  [
    'a quarter, rounded up in one case and down in another',
    about(['abcde', 'abcdef', 'abcdefg'], (text) => (text.length === 5 ? 2 : 1)),
  ],
])('says nothing where there is: %s', (_what, judged) => {
  expect(promptLikeness(seen(judged))).toBeNull();
  expect(completionLikeness(seen(judged))).toBeNull();
});

it('says always only of what all answers report', () => {
  const judged = of([5, 8], [5, 16], [5, 16]);
  expect(completionLikeness({ judged, reported: [5, 5, 5, 3] })).toBeNull();
});
