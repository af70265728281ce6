/** What was watched of one exchange, in the end. Pure. */
import { type Answer, endState, isComplete, isFinished, judgedUsage } from '../model/answer.ts';
import type { Api, RequestFacts, Whole } from '../model/api.ts';
import type { Ending, Envelope, Exchange, StreamFacts } from '../model/exchange.ts';
import type { JsonObject } from '../model/json.ts';
import { isJsonObject } from '../model/json.ts';
import { errorIn } from '../model/stated-error.ts';
import { byIndex, type ChoiceSizes, type ChoiceTallies } from './choice-tally.ts';
import { isUsable, problemsOf } from './judge.ts';
import type { Names } from './names.ts';
import { NO_ANSWER } from './no-answer.ts';

/** `left`: by whoever reads it. `error`: the server said so. `cut`: it ended in any other way than it should. */
type WatchedEnd = 'complete' | 'left' | 'cut' | 'error';

export interface Watched {
  /** As the server sent it; null where none came that can be used. */
  readonly usage: JsonObject | null;
  /** What it sent, usable or not; null where nothing came before the end. */
  readonly reported: unknown;
  /** Ids of the checks that the answer fails. */
  readonly problems: readonly string[];
  readonly end: WatchedEnd;
  /** All of the answer came and nothing but it, so that its tokens may be counted. */
  readonly countable: boolean;
  /** Why each choice ended, in the order of their indexes; only what is text. */
  readonly finish: readonly string[];
  readonly model: string | null;
  readonly answerId: string | null;
  /** What the first chunk with choices says besides; null where none came, and in whole answers. */
  readonly envelope: Envelope | null;
  /** Events, not one JSON body. */
  readonly streamed: boolean;
  readonly bytes: number;
  /** Events with data that was read, the end marker among them; 0 in whole answers. */
  readonly chunks: number;
  /** Events that were too large to be read. */
  readonly unread: number;
  readonly choices: readonly ChoiceSizes[];
  /** The text of each choice, by index; null where it was not wanted, or was over 4 Mi characters. */
  readonly texts: readonly string[] | null;
}

/** One exchange as far as it is known before its answer is judged. */
export interface Watching {
  readonly api: Api;
  /** null: not known. */
  readonly request: JsonObject | null;
  readonly facts: RequestFacts;
  readonly names: Names;
  readonly ending: Ending;
  readonly bytes: number;
  readonly unread: number;
}

/** The answer, as the checks know it. */
function baseOf({ api, request, facts }: Watching, streamed: boolean) {
  const exchange: Exchange = {
    request: { method: 'POST', url: '', body: request },
    reply: { kind: 'silent', waitedMs: 0, message: '' },
    curl: '',
  };
  const mode = streamed ? 'stream' : 'nonstream';
  const id = { api: api.id, mode, option: api.usageOptions[0] ?? '-', scenario: 'text' } as const;
  return { exchange, api, id, asked: facts, limit: facts.limit };
}

const asksUsage = ({ request, facts }: Watching): boolean | null =>
  request === null ? null : (facts.asksUsage ?? null);

const objectOrNull = (value: unknown): JsonObject | null => (isJsonObject(value) ? value : null);

/** What all answers are told of by. */
function common({ names, bytes, unread }: Watching, tallies: ChoiceTallies) {
  const { sizes, texts } = tallies;
  const finish = byIndex(sizes).flatMap(({ finishes: [first] }) =>
    typeof first === 'string' ? [first] : [],
  );
  return { finish, model: names.model, answerId: names.answerId, bytes, unread, choices: sizes, texts };
}

/** @param rawOf what the server sent where a usage was read */
export function watchedStream(
  watching: Watching,
  stream: StreamFacts,
  tallies: ChoiceTallies,
  rawOf: (report: StreamFacts['usages'][number]) => unknown,
): Watched {
  const { ending, unread } = watching;
  const answer: Answer = {
    ...baseOf(watching, true),
    kind: 'stream',
    stream,
    ending,
    choices: stream.choices,
  };
  const judged = judgedUsage(stream);
  const reported = judged === null ? null : rawOf(judged);
  const isNothing = stream.events === 0 && stream.error === null;
  const whole = unread === 0 && (ending.kind !== 'left' || stream.end !== null);
  return {
    ...common(watching, tallies),
    usage: isUsable(answer) ? objectOrNull(reported) : null,
    reported,
    problems: isNothing && whole ? NO_ANSWER : problemsOf(answer, { asked: asksUsage(watching), whole }),
    end: endOfStream(answer, stream, ending),
    countable: unread === 0 && isComplete(answer),
    envelope: stream.firstEnvelope,
    streamed: true,
    chunks: stream.events,
  };
}

function endOfStream(answer: Answer, stream: StreamFacts, ending: Ending): WatchedEnd {
  if (stream.error !== null) return 'error';
  if (isFinished(answer) && stream.end !== null && endState(stream, ending) !== 'cut') return 'complete';
  return ending.kind === 'left' ? 'left' : 'cut';
}

/** @param value the body's JSON; null: it is none, or not all of it came */
export function watchedWhole(
  watching: Watching,
  value: JsonObject | null,
  read: Whole | null,
  tallies: ChoiceTallies,
): Watched {
  const rest = { envelope: null, streamed: false, chunks: 0 };
  if (value === null || read === null || typeof read.choices === 'string') {
    const { ending, unread } = watching;
    const isError = value !== null && errorIn(value) !== null;
    const end = isError ? 'error' : ending.kind === 'left' ? 'left' : 'cut';
    const problems = end === 'cut' && unread === 0 ? NO_ANSWER : [];
    const nothing = { usage: null, reported: null, problems, countable: false };
    return { ...common(watching, tallies), ...rest, ...nothing, end };
  }
  const { usage } = read;
  const reported = usage.kind === 'value' ? usage.value : null;
  const answer: Answer = {
    ...baseOf(watching, false),
    kind: 'whole',
    usage,
    counts: usage.kind === 'value' ? watching.api.readUsage(usage.value) : null,
    usageText: null,
    choices: tallies.facts,
    unfinished: read.unfinished ?? null,
    breaches: [],
  };
  const erred = errorIn(value) !== null && tallies.facts.length === 0;
  const complete = isComplete(answer);
  return {
    ...common(watching, tallies),
    ...rest,
    usage: isUsable(answer) ? objectOrNull(reported) : null,
    reported,
    problems: problemsOf(answer, { asked: asksUsage(watching), whole: !erred }),
    end: erred ? 'error' : complete ? 'complete' : 'cut',
    countable: complete && !erred,
  };
}
