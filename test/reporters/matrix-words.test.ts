/** Versions in English: whatever a fault's history is, it reads like a sentence. */
import { expect, test } from 'vitest';
import { faultsOf } from '../../src/matrix/faults.ts';
import { matrixOf, type ProductMatrix } from '../../src/matrix/matrix.ts';
import type { Tallies, Tally, VersionRecord } from '../../src/model/record.ts';
import { answerOf, answerText } from '../../src/reporters/matrix/answer.ts';
import { historyWords } from '../../src/reporters/matrix/history.ts';
import {
  columnTitle,
  placesWords,
  productTitle,
  reportWords,
  spanWords,
  unavailableLines,
  worstFirst,
} from '../../src/reporters/matrix/words.ts';
import { absent, present, record, unavailable, withStreams } from '../matrix/records.ts';
import { sampleWords } from './sample-report.ts';

const OUTCOMES: Readonly<Record<string, Tally>> = {
  f: { fail: { absent: 1 } },
  h: 5,
  o: { fail: { late: 1 } },
  n: { error: 1 },
};

/** Versions 1.0, 1.1, 1.2 …, one a letter: fails, holds, otherwise, not judged. */
function historyOf(letters: string): string {
  const records = [...letters].map((letter, i) =>
    withStreams(`1.${i}`, { 'usage-present': OUTCOMES[letter] ?? 0 }),
  );
  const fault = faultsOf(records, []).find(({ class: id }) => id === 'absent');
  if (fault === undefined) throw new Error('no such fault');
  return historyWords(fault, { versions: records });
}

test.each([
  ['f', 'fails in 1.0, the only version measured'],
  ['ffff', 'fails in all 4 versions measured'],
  ['fhhh', 'fails in 1.0; holds from 1.1 on (3 versions)'],
  ['fffh', 'fails up to 1.2 (3 versions); holds in 1.3'],
  ['hffh', 'fails from 1.1 to 1.2 (2 versions); holds in 1.0 and 1.3'],
  ['hhfh', 'fails in 1.2; holds up to 1.1 (2 versions) and in 1.3'],
  ['fhfhf', 'fails in 1.0, 1.2 and 1.4; holds in 1.1 and 1.3'],
  ['ffhfhff', 'fails up to 1.1 (2 versions), in 1.3 and from 1.5 on (2 versions); holds in 1.2 and 1.4'],
  [
    'fhfhfhfhfh',
    'fails in 5 of 10 versions, the first 1.0, the last 1.8; holds in 5 of 10 versions, the first 1.1, the last 1.9',
  ],
  ['nnff', 'fails from 1.2 on (2 versions); not judged up to 1.1 (2 versions)'],
  ['fnf', 'fails up to 1.2 (2 versions); not judged in 1.1'],
  ['foo', 'fails in 1.0; fails in another way or is warned about from 1.1 on (2 versions)'],
])('%s: %s', (letters, words) => {
  expect(historyOf(letters)).toBe(words);
});

test('where one of several places differs, it is said', () => {
  const records = ['1', '2', '3', '4', '5'].map((version) =>
    record(version, {
      results: {
        chat: { stream: absent },
        completions: { stream: version === '3' ? present : absent },
      },
    }),
  );
  const [fault] = faultsOf(records, []);
  expect(fault && historyWords(fault, { versions: records })).toBe(
    'fails in all 5 versions measured; but holds in completions streams in 3',
  );
});

test.each([
  ['chat streams', [['chat', 'stream']]],
  [
    'chat and completions streams',
    [
      ['chat', 'stream'],
      ['completions', 'stream'],
    ],
  ],
  [
    'chat, streaming or not',
    [
      ['chat', 'stream'],
      ['chat', 'nonstream'],
    ],
  ],
  [
    'non-streaming chat and gemini',
    [
      ['chat', 'nonstream'],
      ['gemini', 'nonstream'],
    ],
  ],
  [
    'chat, streaming or not; gemini streams',
    [
      ['chat', 'stream'],
      ['chat', 'nonstream'],
      ['gemini', 'stream'],
    ],
  ],
] as const)('%s', (words, places) => {
  expect(placesWords(places.map(([api, mode]) => ({ api, mode })))).toBe(words);
});

function productOf(records: readonly VersionRecord[]): ProductMatrix {
  const [product] = matrixOf(records, []).products;
  if (product === undefined) throw new Error('no product');
  return product;
}
const answerOn = (records: readonly VersionRecord[]) => answerText(answerOf(productOf(records), sampleWords));
const versions = (...streams: readonly Tallies[]) =>
  streams.map((stream, i) => withStreams(String(i + 1), stream));
const late: Tallies = { ...present, 'usage-last': { fail: { early: 1 } } };
const last: Tallies = { ...present, 'usage-last': 1 };

test.each([
  ['Not known: the only version tried could not be started.', [unavailable('1', 'no wheel')]],
  [
    'Not known: none of the 2 versions tried could be started.',
    [unavailable('1', 'no wheel'), unavailable('2', 'no wheel')],
  ],
  ['Not known: only 1 was measured; no check fails in it.', versions(present)],
  ['Not known: only 1 was measured; it has 1 fault: usage-present broken in chat streams.', versions(absent)],
  ['No need: no check fails in any of the 2 versions measured.', versions(present, present)],
  ['Yes: no check fails in 3, which mends 1 fault of versions up to 2.', versions(absent, absent, present)],
  ['No: 2 mends nothing; it has 1 fault: usage-present broken in chat streams.', versions(absent, absent)],
  [
    'No: 2 mends nothing, and brings 1 fault that 1 does not have; it has 1 fault: usage-last broken in chat streams.',
    versions(last, late),
  ],
  [
    'In part: 2 mends 1 fault of 1; it has 1 fault: usage-last broken in chat streams.',
    versions({ ...absent, 'usage-last': { fail: { early: 1 } } }, late),
  ],
  [
    'In part: 3 mends 1 fault of 1, and brings 1 fault that 2 does not have; it has 1 fault: usage-last broken in chat streams.',
    versions({ ...absent, 'usage-last': 1 }, last, late),
  ],
  [
    'No: 2 mends nothing; it has 2 faults, the worst: usage-present broken in chat streams.',
    versions({ ...late, ...absent }, { ...late, ...absent }),
  ],
])('%s', (words, records) => {
  expect(answerOn(records)).toBe(words);
});

test('the most harmful first, then what the newest has', () => {
  const [old, now] = [
    { ...absent, 'usage-once': { fail: { late: 1 } }, 'usage-last': { fail: { early: 1 } } },
    {
      ...present,
      'usage-once': 1,
      'usage-last': { fail: { early: 1 } },
      'stream-end': { fail: { twice: 1 } },
    },
  ];
  const { faults } = productOf(versions(old, now));
  expect(worstFirst(faults, sampleWords).map(({ check }) => check)).toEqual([
    'usage-present',
    'usage-last',
    'stream-end',
    'usage-once',
  ]);
});

test('titles', () => {
  expect(columnTitle({ versions: ['1', '2', '3'] })).toBe('1 … 3 (3)');
  expect(columnTitle({ versions: ['1'] })).toBe('1');
  const of = (product: string, identified: string, upstream?: string) =>
    productTitle(
      productOf([
        record('1', {
          product,
          identified: { product: identified, version: null },
          ...(upstream === undefined ? {} : { upstream: { product: upstream, version: '1' } }),
        }),
      ]),
    );
  expect(of('litellm', 'litellm', 'xllamacpp')).toBe('LiteLLM in front of xllamacpp');
  expect(of('xllamacpp', 'llama.cpp')).toBe('xllamacpp (llama.cpp)');
  expect(of('toy', 'toy')).toBe('toy');
});

test('versions that could not be started for the same reason are one line', () => {
  const records = [
    unavailable('1', 'toy 1 died'),
    unavailable('2', 'toy 2 died'),
    unavailable('3', 'no wheel'),
    record('4'),
  ];
  expect(unavailableLines(productOf(records))).toEqual(['1 … 2 (2): toy … died', '3: no wheel']);
});

test('what is known of reports', () => {
  const known = { link: 'https://example.org/1', title: 't', state: 'open' } as const;
  expect(reportWords(null)).toBe('not looked for in the project’s reports');
  expect(reportWords({ check: 'c', report: { link: null, searched: '2026-01-02' } })).toBe(
    'not yet reported (looked for on 2026-01-02)',
  );
  expect(reportWords({ check: 'c', report: known })).toBe('known, open');
});

test('how much was measured, and when', () => {
  const { measured } = record('1');
  const later = record('2', { product: 'b', measured: { ...measured, at: '2026-01-05T00:00:00.000Z' } });
  expect(spanWords(matrixOf([record('1')], []))).toBe('1 version of 1 product, measured on 2026-01-02');
  expect(spanWords(matrixOf([record('1'), later], []))).toBe(
    '2 versions of 2 products, measured from 2026-01-02 to 2026-01-05',
  );
});
