/** An answer as the checks read it: facts of a stream or of a whole body, and the usage that is judged. */
import type { Api, FinishMeaning, RequestFacts, TokenLimit } from './api.ts';
import type { WatchedRule } from './breach.ts';
import type { CaseId } from './case-id.ts';
import type {
  ChoiceFacts,
  Ending,
  Exchange,
  Frame,
  SeenBreach,
  StreamFacts,
  UsageCounts,
  UsageField,
  UsageReport,
  UsageText,
} from './exchange.ts';
import { isJsonObject } from './json.ts';
import type { Outcome } from './outcome.ts';

interface AnswerBase {
  readonly exchange: Exchange;
  readonly api: Api;
  readonly id: CaseId;
  readonly choices: readonly ChoiceFacts[];
  /** What was asked for, and its limit. */
  readonly asked: RequestFacts;
  readonly limit: TokenLimit | null;
}

export interface StreamAnswer extends AnswerBase {
  readonly kind: 'stream';
  readonly stream: StreamFacts;
  readonly ending: Ending;
}

interface WholeAnswer extends AnswerBase {
  readonly kind: 'whole';
  readonly usage: UsageField;
  readonly counts: UsageCounts | null;
  readonly usageText: UsageText | null;
  /** What shows that it is only a part of an answer; null where nothing does. */
  readonly unfinished: string | null;
  readonly breaches: readonly SeenBreach[];
}

export type Answer = StreamAnswer | WholeAnswer;

/** The counts, once they are known to be whole numbers. */
export interface Counts {
  readonly prompt: number;
  readonly completion: number;
  readonly cached: number | null;
  readonly reasoning: number | null;
  /** Of each prompt, where several have counts of their own. */
  readonly each: ReadonlyArray<{ readonly prompt: number; readonly completion: number }>;
}

export const isCount = (value: unknown): value is number =>
  typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= Number.MAX_SAFE_INTEGER;

/** null where one that must be there is missing, or is no integer ≥ 0. */
export function wholeCounts(counts: UsageCounts): Counts | null {
  const { prompt, completion, required } = counts;
  if (!isCount(prompt) || !isCount(completion) || !required.every(([, value]) => isCount(value))) return null;
  return {
    prompt,
    completion,
    cached: isCount(counts.cached) ? counts.cached : null,
    reasoning: isCount(counts.reasoning) ? counts.reasoning : null,
    each: (counts.each ?? []).flatMap((one) =>
      isCount(one.prompt) && isCount(one.completion)
        ? [{ prompt: one.prompt, completion: one.completion }]
        : [],
    ),
  };
}

const threeOf = ({ prompt, completion, total }: UsageCounts) => [prompt, completion, total] as const;

/** Whether a usage has any of its counts: `{}` has none. */
export const saysAnything = (counts: UsageCounts): boolean =>
  threeOf(counts).some((count) => count !== undefined && count !== null);

/** The usage that is judged: the last non-null one before the end, of those that have a count where there are such. */
export function judgedUsage({ usages }: Pick<StreamFacts, 'usages'>): UsageReport | null {
  return usages.findLast(({ counts }) => saysAnything(counts)) ?? usages.at(-1) ?? null;
}

/**
 * Several usages at or after the first finish that disagree (those aside that are all zero or have no count): no number
 * can be judged.
 */
export function usagesDisagree({ api, stream }: StreamAnswer): boolean {
  if (!api.rules.has('usage-once')) return false;
  const seen = new Set<string>();
  for (const { counts, atOrAfterFirstFinish } of stream.usages) {
    if (!atOrAfterFirstFinish) continue;
    const three = threeOf(counts);
    if (three.every((count) => count === 0) || !saysAnything(counts)) continue;
    seen.add(JSON.stringify(three));
  }
  return seen.size > 1;
}

/** How the API's reader saw a rule broken, the worst first. */
export function breachesOf(answer: Answer, rule: WatchedRule): readonly SeenBreach[] {
  const { breaches } = answer.kind === 'stream' ? answer.stream : answer;
  const found = breaches.filter((breach) => breach.rule === rule);
  return [...found.filter(({ mild }) => !mild), ...found.filter(({ mild }) => mild)];
}

/** The prompt was counted in two ways: no number of it can be judged. */
export const promptInDoubt = (answer: Answer): boolean =>
  breachesOf(answer, 'usage-consistent').some((breach) => breach.promptInDoubt);

/** The counts an answer reports; null where absent, incomplete or no integers. */
export function countsOf(answer: Answer): Counts | null {
  const counts = answer.kind === 'stream' ? judgedUsage(answer.stream)?.counts : answer.counts;
  return counts ? wholeCounts(counts) : null;
}

export type EndState = 'once' | 'missing' | 'cut' | 'twice' | 'twice-with-more' | 'early';

/** How the end marker came. Usage alone after it is judged by usage-present (late), so it counts as `once` here. */
export function endState(stream: StreamFacts, ending: Ending): EndState {
  if (stream.end === null) return ending.kind === 'cut' ? 'cut' : 'missing';
  const { markers, others, usages } = stream.afterEnd;
  if (markers > 0) return others.length + usages.length > 0 ? 'twice-with-more' : 'twice';
  return others.length > 0 ? 'early' : 'once';
}

/** A finish for every choice. */
export function isFinished({ choices }: Answer): boolean {
  return choices.length > 0 && choices.every((choice) => choice.finishes.length > 0);
}

/** It broke off with an error after something was delivered: one before that is no answer. */
export const hasErred = (answer: Answer): boolean => answer.kind === 'stream' && answer.stream.error !== null;

/** A finish for every choice, and the end marker, with nothing broken on the way. */
export function isComplete(answer: Answer): boolean {
  const finished = isFinished(answer);
  if (answer.kind === 'whole') return finished && answer.unfinished === null;
  const state = endState(answer.stream, answer.ending);
  return finished && answer.stream.error === null && (state === 'once' || state === 'twice');
}

/** Whether anything was delivered that takes at least one token. */
export function delivered(answer: Answer): boolean {
  return answer.choices.some(
    (choice) => choice.textLength + choice.reasoningLength + choice.toolCalls.length > 0,
  );
}

/** The last frames before and with the end, for showing. */
export function lastFrames(answer: Answer, count = 4): readonly Frame[] {
  return answer.kind === 'stream' ? answer.stream.frames.slice(-count) : [];
}

/** The chunk with the usage that is judged, for showing. */
export function usageFrames(answer: Answer): readonly Frame[] {
  const usage = answer.kind === 'stream' ? judgedUsage(answer.stream) : null;
  return usage === null ? [] : [usage.frame];
}

const meaningOf = ({ terms }: Api, finish: unknown): FinishMeaning | null =>
  (typeof finish === 'string' ? terms.finishes.get(finish) : undefined) ?? null;

/** Why a choice ended; null where it did not end, or by a word that is not known, or by several that contradict each other. */
export function endOf({ api }: Answer, choice: ChoiceFacts | undefined): FinishMeaning | null {
  const [first, ...more] = choice?.finishes ?? [];
  return more.every((finish) => finish === first) ? meaningOf(api, first) : null;
}

/** Some choice ended by the limit. */
export const someCutByLimit = (answer: Answer): boolean =>
  answer.choices.some(({ finishes }) => finishes.some((finish) => meaningOf(answer.api, finish) === 'limit'));

/** Cut by the limit in every choice: then the count does not depend on the text. */
export const cutByLimit = (answer: Answer): boolean =>
  answer.choices.length > 0 && answer.choices.every((choice) => endOf(answer, choice) === 'limit');

/** What a limit that cut the only choice forces the completion count to be; null where nothing forces it. */
export function forcedLength(answer: Answer): number | null {
  const { choices, limit } = answer;
  return choices.length === 1 && cutByLimit(answer) && limit !== null ? limit.tokens : null;
}

/** An exchange's answer; null where none of the right kind came. */
export function answerOf(exchange: Exchange, outcome: Outcome, api: Api, id: CaseId): Answer | null {
  const { body } = exchange.request;
  const asked = api.readRequest(isJsonObject(body) ? body : {});
  const base = { exchange, api, id, asked, limit: asked.limit };
  if (outcome.kind === 'stream') {
    const { stream, ending } = outcome;
    return { ...base, kind: 'stream', stream, ending, choices: stream.choices };
  }
  if (outcome.kind !== 'whole') return null;
  const { usage, counts, usageText, choices, unfinished, breaches } = outcome.answer;
  return {
    ...base,
    kind: 'whole',
    usage,
    counts,
    usageText,
    choices: choices ?? [],
    unfinished,
    breaches,
  };
}
