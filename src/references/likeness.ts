/** What kind of wrong a count looks like, over all cases in which it is judged. Words for people; never a verdict. Pure. */

/** One count with what it might be instead. */
export interface JudgedCount {
  readonly reported: number;
  /** What is right. */
  readonly expected: number;
  /** The text the count is about. */
  readonly text: string;
  /** The same with its messages on lines of their own; left out where it is no conversation. */
  readonly lines?: string;
  /** Chunks that delivered something, where the answer was streamed. */
  readonly chunks?: number;
  /** The tokens of the generated text, counted again. */
  readonly retokenised?: number;
}

/** What the count may be instead; undefined: what it takes to tell is not known of this one. */
type Measure = (count: JudgedCount) => number | undefined;

interface Likeness {
  readonly says: string;
  /** Ways to measure it, of which one must hold throughout. */
  readonly measures: readonly Measure[];
}

/** A server may join the messages of a conversation in more than one way. */
const joined = (measure: (text: string) => number): ReadonlyArray<(count: JudgedCount) => number> => [
  ({ text }) => measure(text),
  ({ text, lines = text }) => measure(lines),
];

const characters = joined((text) => [...text].length);
const units = joined((text) => text.length);
const bytes = joined((text) => Buffer.byteLength(text));

const SHARED: readonly Likeness[] = [
  { says: 'equals the number of characters', measures: [...characters, ...units] },
  {
    says: 'equals the number of bytes',
    measures: bytes.map(
      (length, how) => (count) => (length(count) === characters[how]?.(count) ? undefined : length(count)),
    ),
  },
  {
    says: 'equals a quarter of the characters: an estimate, not a count',
    measures: [...characters, ...units, ...bytes].flatMap((length) => [
      (count: JudgedCount) => Math.floor(length(count) / 4),
      (count: JudgedCount) => Math.ceil(length(count) / 4),
    ]),
  },
  {
    says: 'equals the number of words',
    measures: [({ text }) => text.split(/\s+/).filter(Boolean).length],
  },
];

const OF_COMPLETIONS: readonly Likeness[] = [
  {
    says: 'equals the tokens of the text when it is tokenized again: re-tokenised text, not what was generated',
    measures: [({ retokenised }) => retokenised],
  },
  { says: 'equals the number of chunks', measures: [({ chunks }) => chunks] },
  ...SHARED,
];

/** The counts of one API in one mode. */
export interface SeenCounts {
  /** Those whose right value is known. */
  readonly judged: readonly JudgedCount[];
  /** What was reported in all of its answers. */
  readonly reported: readonly number[];
}

/** A sentence about wrong prompt counts; null where they look like nothing known. */
export function promptLikeness(seen: SeenCounts): string | null {
  return likeness(seen, SHARED, (difference) =>
    difference < 0
      ? `looks like a missing ${difference === -1 ? 'BOS' : 'BOS/template overhead'}`
      : `looks like a ${difference === 1 ? 'BOS' : 'BOS or template'} counted twice`,
  );
}

/** The same about wrong completion counts. */
export function completionLikeness(seen: SeenCounts): string | null {
  return likeness(seen, OF_COMPLETIONS, (difference) =>
    Math.abs(difference) === 1
      ? 'looks like an off-by-one'
      : difference < 0
        ? 'looks like tokens that are left out'
        : 'looks like something else counted in',
  );
}

const LEAST_CASES = 3;

/** Enough to tell one pattern from another: with one right value alone a constant, a factor and an offset are the same. */
function tells(counts: readonly JudgedCount[]): boolean {
  return counts.length >= LEAST_CASES && new Set(counts.map(({ expected }) => expected)).size > 1;
}

function likeness(
  { judged, reported: all }: SeenCounts,
  known: readonly Likeness[],
  constant: (difference: number) => string,
): string | null {
  const wrong = judged.filter(({ reported, expected }) => reported !== expected);
  const [first] = wrong;
  if (first === undefined) return null;
  if (tells(judged) && all.every((reported) => reported === first.reported))
    return `is always ${first.reported}`;
  if (!tells(wrong)) return null;
  const where = (cases: number) =>
    cases === judged.length ? 'in every case' : `in ${cases} of ${judged.length} cases`;
  const alike = known.flatMap(({ says, measures }) => {
    const held = measures.map((measure) => heldBy(measure, wrong)).find(tells);
    return held === undefined ? [] : [{ says, cases: held.length }];
  });
  if (alike.length > 0) {
    // What is generated word by word has as many chunks as tokens: both are then worth a look.
    const shown = alike.slice(0, 2);
    const said = shown.map(({ says }) => says).join(', and ');
    return `${said} ${where(Math.min(...shown.map(({ cases }) => cases)))}`;
  }
  const difference = first.reported - first.expected;
  const amount = `${Math.abs(difference)} ${difference < 0 ? 'fewer' : 'more'}`;
  if (wrong.every(({ reported, expected }) => reported - expected === difference))
    return `${amount} ${where(wrong.length)}: ${constant(difference)}`;
  const factor = factorOf(wrong);
  return factor === null
    ? null
    : `${factor} times what it should be ${where(wrong.length)}: looks like a factor`;
}

/** Those of which a measure is known, where it holds for all of these. */
function heldBy(measure: Measure, wrong: readonly JudgedCount[]): readonly JudgedCount[] {
  const known = wrong.filter((count) => measure(count) !== undefined);
  return known.every((count) => measure(count) === count.reported) ? known : [];
}

/** Under this a rounded value fits many factors. */
const LEAST_ROUNDED = 32;

/** The factor that all have, to two places; null where there is none, or none that can be seen. */
function factorOf(wrong: readonly JudgedCount[]): number | null {
  const largest = wrong.reduce((most, count) => (count.expected > most.expected ? count : most));
  const holds = ({ reported, expected }: JudgedCount) => {
    const leeway = Math.min(reported, expected) < LEAST_ROUNDED ? 0 : 1;
    // Multiplied out, so that it is exact where there is no leeway.
    const off = Math.abs(reported * largest.expected - expected * largest.reported);
    return off <= leeway * largest.expected;
  };
  const shown = Number((largest.reported / largest.expected).toFixed(2));
  return wrong.every(holds) && shown !== 0 && shown !== 1 ? shown : null;
}
