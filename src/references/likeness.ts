/** What kind of wrong a count looks like, over all cases in which it is wrong. Words for people; never a verdict. Pure. */

/** One wrong count with what it might be instead. */
export interface WrongCount {
  readonly reported: number;
  readonly expected: number;
  /** The text the count is about. */
  readonly text: string;
  /** Chunks that delivered something, where the answer was streamed. */
  readonly chunks?: number;
  /** The tokens of the generated text, counted again. */
  readonly retokenised?: number;
}

interface Likeness {
  readonly says: string;
  /** undefined: what it takes to tell is not known of this one. */
  holds(wrong: WrongCount): boolean | undefined;
}

const characters = (text: string) => [...text].length;
const quarter = ({ reported, text }: WrongCount) =>
  [characters(text), text.length, Buffer.byteLength(text)].some(
    (length) => reported === Math.floor(length / 4) || reported === Math.ceil(length / 4),
  );
const words = (text: string) => text.split(/\s+/).filter(Boolean).length;

const SHARED: readonly Likeness[] = [
  {
    says: 'equals the number of characters',
    holds: ({ reported, text }) => reported === characters(text) || reported === text.length,
  },
  {
    says: 'equals the number of bytes',
    holds: ({ reported, text }) => {
      const bytes = Buffer.byteLength(text);
      return bytes === characters(text) ? undefined : reported === bytes;
    },
  },
  { says: 'equals a quarter of the characters: an estimate, not a count', holds: quarter },
  { says: 'equals the number of words', holds: ({ reported, text }) => reported === words(text) },
];

const OF_COMPLETIONS: readonly Likeness[] = [
  {
    says: 'equals the tokens of the text when it is tokenized again: re-tokenised text, not what was generated',
    holds: ({ reported, expected, retokenised }) =>
      retokenised === undefined ? undefined : reported === retokenised && retokenised !== expected,
  },
  {
    says: 'equals the number of chunks',
    holds: ({ reported, chunks }) => (chunks === undefined ? undefined : reported === chunks),
  },
  ...SHARED,
];

/** A sentence about wrong prompt counts; null where they look like nothing known. */
export function promptLikeness(wrong: readonly WrongCount[], all: number): string | null {
  return likeness(wrong, all, SHARED, (difference) =>
    difference < 0
      ? `looks like a missing ${difference === -1 ? 'BOS' : 'BOS/template overhead'}`
      : `looks like a ${difference === 1 ? 'BOS' : 'BOS or template'} counted twice`,
  );
}

/** The same about wrong completion counts. */
export function completionLikeness(wrong: readonly WrongCount[], all: number): string | null {
  return likeness(wrong, all, OF_COMPLETIONS, (difference) =>
    Math.abs(difference) === 1
      ? 'looks like an off-by-one'
      : difference < 0
        ? 'looks like tokens that are left out'
        : 'looks like something else counted in',
  );
}

function likeness(
  wrong: readonly WrongCount[],
  all: number,
  known: readonly Likeness[],
  constant: (difference: number) => string,
): string | null {
  const [first] = wrong;
  if (first === undefined) return null;
  const where =
    wrong.length === 1
      ? 'here'
      : wrong.length === all
        ? 'in every case'
        : `in ${wrong.length} of ${all} cases`;
  const alike = known.filter(({ holds }) => {
    const told = wrong.map(holds);
    return told.includes(true) && !told.includes(false);
  });
  if (alike.length > 0) {
    // What is generated word by word has as many chunks as tokens: both are then worth a look.
    const said = alike
      .slice(0, 2)
      .map(({ says }) => says)
      .join(', and ');
    return `${said}${wrong.length === 1 ? '' : ` ${where}`}`;
  }
  const difference = first.reported - first.expected;
  const amount = `${Math.abs(difference)} ${difference < 0 ? 'fewer' : 'more'}`;
  if (wrong.every(({ reported, expected }) => reported - expected === difference)) {
    return `${amount} ${where}: ${constant(difference)}`;
  }
  const factor = first.reported / first.expected;
  const shown = Number(factor.toFixed(2));
  if (wrong.every(({ reported, expected }) => Math.abs(reported - expected * factor) <= 1)) {
    return `${shown} times what it should be ${where}: looks like a factor`;
  }
  return null;
}
