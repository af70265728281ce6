import { type Answer, countsOf, judgedUsage, lastFrames } from '../model/answer.ts';
import type { ApiId, Mode } from '../model/api.ts';
import type { DetailKey } from '../model/exchange.ts';
import { broken, inapplicable, pass } from '../model/finding.ts';
import { relationCheck, STREAM } from './support/define-check.ts';
import { keyOf, type ServerView } from './support/server-view.ts';
import { countedAnswers } from './support/wrong-counts.ts';

/** Fewer prove nothing: a key may come only where a prompt was sent before. */
const LEAST_ANSWERS = 3;

/** An answer whose details are known. */
interface Detailed {
  readonly answer: Answer;
  readonly given: readonly DetailKey[];
}

/** null where the API has no details, or its counts are not what they must be. */
function detailed(answer: Answer | null | undefined): Detailed | null {
  if (!answer || countsOf(answer) === null) return null;
  const counts = answer.kind === 'stream' ? judgedUsage(answer.stream)?.counts : answer.counts;
  return counts?.given === undefined ? null : { answer, given: counts.given };
}

const reasoned = ({ answer }: Detailed) => answer.choices.some(({ reasoningLength }) => reasoningLength > 0);

/** Names of the keys that came in some of these answers. */
function namesIn(answers: readonly Detailed[], counts: (key: DetailKey) => boolean): ReadonlySet<string> {
  return new Set(answers.flatMap(({ given }) => given.filter(counts).map(({ name }) => name)));
}

const lacking = (there: ReadonlySet<string>, here: ReadonlySet<string>) =>
  [...there].filter((name) => !here.has(name));

const list = (names: readonly string[]) => names.slice(0, 8).join(', ');

function betweenModes(api: ApiId, view: ServerView) {
  const of = (mode: Mode) => countedAnswers(api, mode, view).flatMap((answer) => detailed(answer) ?? []);
  const [all, allWhole] = [of('stream'), of('nonstream')];
  if (all.length + allWhole.length === 0) return undefined;
  // What only one mode was served says nothing about the other.
  const scenarios = (answers: readonly Detailed[]) =>
    new Set(answers.map(({ answer }) => answer.id.scenario));
  const [inStreams, inWhole] = [scenarios(all), scenarios(allWhole)];
  const streams = all.filter(({ answer }) => inWhole.has(answer.id.scenario));
  const whole = allWhole.filter(({ answer }) => inStreams.has(answer.id.scenario));
  if (streams.length < LEAST_ANSWERS || whole.length < LEAST_ANSWERS)
    return inapplicable(`fewer than ${LEAST_ANSWERS} answers to the same requests in each mode`);
  const bothReasoned = streams.some(reasoned) && whole.some(reasoned);
  const counts = ({ about }: DetailKey) => about !== 'reasoning' || bothReasoned;
  const [ours, theirs] = [namesIn(streams, counts), namesIn(whole, counts)];
  const onlyWhole = lacking(theirs, ours);
  const onlyStreamed = lacking(ours, theirs);
  if (onlyWhole.length + onlyStreamed.length === 0) return pass();
  const faults = [
    ...(onlyWhole.length === 0 ? [] : [`${list(onlyWhole)} in none of ${streams.length} streams`]),
    ...(onlyStreamed.length === 0
      ? []
      : [`${list(onlyStreamed)} in none of ${whole.length} answers without streaming`]),
  ];
  return broken({
    expected: 'the same details with streaming and without, in some answer of each',
    class: onlyWhole.length > 0 ? 'not-in-streams' : 'only-in-streams',
    detail: faults.join('; '),
    frames: streams.slice(0, 1).flatMap(({ answer }) => lastFrames(answer)),
  });
}

function coldAndWarm(key: string, view: ServerView) {
  const [first, again] = view.attempts(key).map(({ answer }) => detailed(answer));
  if (!first || !again) return undefined;
  const bothReasoned = reasoned(first) && reasoned(again);
  const lost = lacking(
    namesIn([first], ({ about }) => about === 'anything' || (about === 'reasoning' && bothReasoned)),
    namesIn([again], () => true),
  );
  if (lost.length === 0) return pass();
  return broken({
    expected: 'the details that came when the prompt was new',
    class: 'lost-when-warm',
    detail: `${list(lost)} when new, and not when sent again`,
    frames: lastFrames(again.answer),
  });
}

export default relationCheck({
  id: 'details-match-nonstream',
  level: 'SHOULD',
  catalogue: 2,
  classes: ['not-in-streams', 'only-in-streams', 'lost-when-warm'],
  modes: STREAM,
  needs: ['usage-integers'],
  scenarios: 'all',
  instances(api, view) {
    const [text, repeat] = [keyOf(api, 'stream', 'text'), keyOf(api, 'stream', 'repeat')];
    return [
      { filedAt: text, compares: [text], judge: () => betweenModes(api, view) },
      { filedAt: repeat, compares: [repeat], judge: () => coldAndWarm(repeat, view) },
    ];
  },
});
