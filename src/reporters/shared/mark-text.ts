/** What the marks of the table mean, at length: the legend has them in a word. */
import type { Verdict } from '../../model/report.ts';
import { marks, SIGNS } from './cell-text.ts';

const VERDICTS: Readonly<Record<Verdict, string>> = {
  pass: '**pass**: the rule held in every case that was judged.',
  fail: '**fail**: a rule that must hold was broken. The run ends with 1, unless the baseline lists it.',
  warn: '**warning**: a rule that should hold was broken, or a fail that the profile accepts. It fails the run with `--fail-on warn` alone; with `--strict` it is a fail.',
  skip: '**skipped**: the rule says nothing about what came, or another finding keeps it from being judged. JSON, JUnit and HTML say which.',
  error:
    '**could not be judged**: no answer came, or the bounds of the run were reached. The remarks say why. It says nothing about the server.',
};

const SIGNED: Readonly<Record<(typeof SIGNS)[number]['of'], string>> = {
  lowered:
    "**accepted by the profile**: the product's maintainers call it intended, so that it is a warning and no fail. The finding has their reason and a link; `--strict` or `--profile openai` accept nothing.",
  baselined: '**in the baseline**: it is known, and does not fail the run.',
  intermittent: '**intermittent**: asked again, it did not come a second time (1/2).',
};

const TALLIES = [
  { like: /\d+\/\d+/, meaning: 'so many of the cases that were judged came out like this.' },
  { like: /\d+x/, meaning: 'in so many cases only: a narrow column has no room for `3/14`.' },
];

/**
 * What a mark says, a paragraph of Markdown for each of its signs: `✗`, `!*`, `✗=~`, `✗ absent 3/14`; null where it is none.
 */
export function markMeaning(text: string): string | null {
  const [, mark = '', signs = '', rest = ''] = /^(\S)([*=~]*)(?:\s+(.*))?$/.exec(text.trim()) ?? [];
  const verdict = (Object.keys(marks) as Verdict[]).find((one) => marks[one] === mark);
  const own = SIGNS.filter(({ sign }) => (verdict === undefined ? mark + signs : signs).includes(sign));
  if (verdict === undefined && (own.length === 0 || !/^[*=~]+$/.test(mark + signs))) return null;
  const words = /^\S+/.exec(rest)?.[0] ?? '';
  const lines = [
    ...(verdict === undefined ? [] : [`\`${mark}\` ${VERDICTS[verdict]}`]),
    ...own.map(({ sign, of }) => `\`${sign}\` ${SIGNED[of]}`),
    ...TALLIES.filter(({ like }) => like.test(rest)).map(
      ({ like, meaning }) => `\`${like.exec(rest)?.[0]}\` ${meaning}`,
    ),
    ...(verdict !== undefined && /^[a-z]/.test(words)
      ? [`\`${words}\` is how the rule was broken; the page of the check says what it means.`]
      : []),
  ];
  return lines.join('\n\n');
}
