/** An answer as the checks read it: facts of a stream or of a whole body, and the usage that is judged. */
import type { Api } from './api.ts';
import type { CaseId } from './case-id.ts';
import type {
  ChoiceFacts,
  Ending,
  Exchange,
  Frame,
  StreamFacts,
  UsageCounts,
  UsageField,
  UsageReport,
} from './exchange.ts';
import { isJsonObject } from './json.ts';

interface AnswerBase {
  readonly exchange: Exchange;
  readonly api: Api;
  readonly id: CaseId;
  readonly choices: readonly ChoiceFacts[];
  /** The limit sent, in tokens, and by which parameter; null where none was. */
  readonly limit: { readonly tokens: number; readonly by: 'max_tokens' | 'max_completion_tokens' } | null;
}

export interface StreamAnswer extends AnswerBase {
  readonly kind: 'stream';
  readonly stream: StreamFacts;
  readonly ending: Ending;
}

export interface WholeAnswer extends AnswerBase {
  readonly kind: 'whole';
  readonly usage: UsageField;
  readonly counts: UsageCounts | null;
}

export type Answer = StreamAnswer | WholeAnswer;

/** The three counts, once they are known to be whole numbers. */
export interface Counts {
  readonly prompt: number;
  readonly completion: number;
  readonly total: number;
  readonly cached: number | null;
  readonly reasoning: number | null;
}

export const isCount = (value: unknown): value is number =>
  typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= Number.MAX_SAFE_INTEGER;

/** null where one of the three is missing or no integer ≥ 0. */
export function wholeCounts(counts: UsageCounts): Counts | null {
  const { prompt, completion, total } = counts;
  if (!isCount(prompt) || !isCount(completion) || !isCount(total)) return null;
  return {
    prompt,
    completion,
    total,
    cached: isCount(counts.cached) ? counts.cached : null,
    reasoning: isCount(counts.reasoning) ? counts.reasoning : null,
  };
}

/** The usage that is judged: the last non-null one before the end. */
export function judgedUsage(stream: StreamFacts): UsageReport | null {
  return stream.usages.at(-1) ?? null;
}

/** Several usages at or after the first finish_reason that disagree (all-zero ones aside): no number can be judged. */
export function usagesDisagree(stream: StreamFacts): boolean {
  const seen = new Set<string>();
  for (const { counts, atOrAfterFirstFinish } of stream.usages) {
    if (!atOrAfterFirstFinish) continue;
    const three = [counts.prompt, counts.completion, counts.total];
    if (three.every((count) => count === 0)) continue;
    seen.add(JSON.stringify(three));
  }
  return seen.size > 1;
}

/** The counts an answer reports; null where absent, incomplete or no integers. */
export function countsOf(answer: Answer): Counts | null {
  const counts = answer.kind === 'stream' ? judgedUsage(answer.stream)?.counts : answer.counts;
  return counts ? wholeCounts(counts) : null;
}

export type EndState = 'once' | 'missing' | 'cut' | 'twice' | 'twice-with-more' | 'early';

/** How the end marker came. Usage alone after it is usage-present's affair (late), so it counts as `once` here. */
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

/** A finish for every choice, and the end marker, with nothing broken on the way. */
export function isComplete(answer: Answer): boolean {
  const finished = isFinished(answer);
  if (answer.kind === 'whole') return finished;
  const state = endState(answer.stream, answer.ending);
  return finished && answer.stream.error === null && (state === 'once' || state === 'twice');
}

/** Whether anything was generated that a token must have been spent on. */
export function delivered(answer: Answer): boolean {
  return answer.choices.some(
    (choice) => choice.textLength + choice.reasoningLength + choice.toolCalls.length > 0,
  );
}

/** The last frames before and with the end, for showing. */
export function lastFrames(answer: Answer, count = 4): readonly Frame[] {
  return answer.kind === 'stream' ? answer.stream.frames.slice(-count) : [];
}

/** The limit a request's body sets. */
export function limitOf(body: Exchange['request']['body']): AnswerBase['limit'] {
  if (!isJsonObject(body)) return null;
  for (const by of ['max_tokens', 'max_completion_tokens'] as const) {
    const tokens = body[by];
    if (isCount(tokens)) return { tokens, by };
  }
  return null;
}

/** What a limit that cut the only choice forces the completion count to be; null where nothing forces it. */
export function forcedLength({ choices, limit }: Answer): number | null {
  const cut = choices.length === 1 && choices[0]?.finishes.at(-1) === 'length';
  return cut && limit !== null ? limit.tokens : null;
}
