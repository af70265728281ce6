/** The answers to one request in both modes. */
import { apiOf } from '../../apis/index.ts';
import type { Answer, StreamAnswer } from '../../model/answer.ts';
import type { ApiId } from '../../model/api.ts';
import type { ChoiceFacts } from '../../model/exchange.ts';
import { type Finding, inapplicable, type Skip } from '../../model/finding.ts';
import { isJsonObject } from '../../model/json.ts';
import { requestKey } from '../../references/counted-request.ts';
import { scenarios } from '../../scenarios/index.ts';
import type { Instance } from './define-check.ts';
import { keyOf, type ServerView } from './server-view.ts';

/** Keys of a streaming case and of the same case without streaming. */
interface Twins {
  readonly stream: string;
  readonly whole: string;
}

export function twinsOf(api: ApiId, view: ServerView): readonly Twins[] {
  // Prompts with a usage of their own are compared with what each counts alone.
  const listed = apiOf(api).rules.has('usage-per-prompt');
  return scenarios
    .filter(({ modes, id }) => modes.includes('nonstream') && id !== 'repeat')
    .filter(({ needs }) => !(listed && needs.includes('prompt-lists')))
    .map(({ id }) => ({ stream: keyOf(api, 'stream', id), whole: keyOf(api, 'nonstream', id) }))
    .filter(({ stream, whole }) => view.seen.cases.has(stream) && view.seen.cases.has(whole));
}

/** The same choice, streamed and whole. */
export type Pair = readonly [ChoiceFacts, ChoiceFacts];

/** The same request in both modes, and its choices in pairs; null where not every choice has a twin. */
interface TwinAnswers {
  readonly streamed: StreamAnswer;
  readonly whole: Answer;
  readonly pairs: readonly Pair[] | null;
}

/** Whether both ended for the same reason, by the values as they came. */
export const sameFinish = ([ours, theirs]: Pair): boolean =>
  JSON.stringify(ours.finishes) === JSON.stringify(theirs.finishes);

/**
 * One judgement for each pair of cases, filed at the streaming one. It skips where a mode was not answered, and where the
 * requests differ in more than streaming: a parameter was refused.
 */
export function eachTwin<F extends Finding>(
  api: ApiId,
  view: ServerView,
  judge: (answers: TwinAnswers) => F,
): readonly Instance<F | Skip>[] {
  return twinsOf(api, view).map((twins) => ({
    filedAt: twins.stream,
    compares: [twins.stream, twins.whole],
    judge() {
      const [streamed, whole] = [view.answer(twins.stream), view.answer(twins.whole)];
      if (streamed?.kind !== 'stream' || whole === null || keyOfRequest(streamed) !== keyOfRequest(whole))
        return inapplicable('the two modes did not answer the same request');
      return judge({ streamed, whole, pairs: pairsOf(streamed, whole) });
    },
  }));
}

function keyOfRequest({ exchange, id }: Answer): string {
  const { body } = exchange.request;
  return isJsonObject(body) ? requestKey(id.api, body) : '';
}

/** null where not every choice has a twin. */
function pairsOf({ choices }: StreamAnswer, whole: Answer): readonly Pair[] | null {
  const pairs = choices.flatMap((ours): readonly Pair[] => {
    const theirs = whole.choices.find(({ index }) => index === ours.index);
    return theirs === undefined ? [] : [[ours, theirs]];
  });
  return pairs.length === choices.length && pairs.length === whole.choices.length ? pairs : null;
}
