/** What kind of wrong a count looks like, in words. */
import { expect, it } from 'vitest';
import { completionLikeness, promptLikeness, type WrongCount } from '../../src/references/likeness.ts';

const of = (...pairs: ReadonlyArray<readonly [reported: number, expected: number]>): WrongCount[] =>
  pairs.map(([reported, expected]) => ({ reported, expected, text: 'x'.repeat(1000 + expected) }));

it.each<[string, WrongCount[], number, RegExp]>([
  ['BOS', of([9, 10], [19, 20]), 2, /^1 fewer in every case: looks like a missing BOS$/],
  [
    'template',
    of([7, 10], [17, 20]),
    2,
    /^3 fewer in every case: looks like a missing BOS\/template overhead$/,
  ],
  ['in some', of([7, 10], [17, 20]), 5, /^3 fewer in 2 of 5 cases/],
  ['in one', of([7, 10]), 5, /^3 fewer here/],
  ['BOS twice', of([11, 10], [21, 20]), 2, /^1 more in every case: looks like a BOS counted twice$/],
  ['factor', of([20, 10], [41, 20]), 2, /^2 times what it should be in every case: looks like a factor$/],
  ['half', of([5, 10], [10, 20], [15, 30]), 3, /^0\.5 times what it should be/],
  ['characters', [{ reported: 5, expected: 2, text: 'hello' }], 1, /^equals the number of characters$/],
  [
    'characters beyond ASCII',
    [{ reported: 3, expected: 9, text: 'a🦊b' }],
    1,
    /^equals the number of characters$/,
  ],
  ['bytes', [{ reported: 6, expected: 9, text: 'a🦊b' }], 1, /^equals the number of bytes$/],
  [
    'words',
    [{ reported: 4, expected: 9, text: 'some word  after another' }],
    1,
    /^equals the number of words$/,
  ],
])('prompt: %s', (_what, wrong, all, says) => {
  expect(promptLikeness(wrong, all)).toMatch(says);
});

it.each<[string, WrongCount[], RegExp]>([
  [
    'chunks',
    [{ reported: 3, expected: 8, text: 'one two three four', chunks: 3 }],
    /^equals the number of chunks$/,
  ],
  [
    'chunks that are re-tokenised text, too',
    [{ reported: 3, expected: 8, text: 'one two three four', chunks: 3, retokenised: 3 }],
    /^equals the tokens of the text when it is tokenized again: .*, and equals the number of chunks$/,
  ],
  [
    're-tokenised',
    [
      { reported: 6, expected: 8, text: 'one two', retokenised: 6 },
      { reported: 12, expected: 16, text: 'one two three' },
    ],
    /^equals the tokens of the text when it is tokenized again/,
  ],
  ['off by one', of([7, 8], [15, 16]), /^1 fewer in every case: looks like an off-by-one$/],
])('completion: %s', (_what, wrong, says) => {
  expect(completionLikeness(wrong, wrong.length)).toMatch(says);
});

it('says nothing where it looks like nothing known', () => {
  expect(promptLikeness(of([3, 10], [40, 20], [11, 30]), 3)).toBeNull();
  expect(promptLikeness([], 3)).toBeNull();
});
