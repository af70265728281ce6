import {
  type Answer,
  countsOf,
  delivered,
  hasErred,
  isComplete,
  isCount,
  isFinished,
  judgedUsage,
} from '../model/answer.ts';
import type { Exchange } from '../model/exchange.ts';
import {
  blocked,
  broken,
  type ClassOf,
  type Finding,
  inapplicable,
  pass,
  unjudged,
  worst,
} from '../model/finding.ts';
import type { CaseRecord } from '../model/observations.ts';
import { errorInBand, failureClasses, statusOf } from '../model/outcome.ts';
import { relationCheck, STREAM } from './support/define-check.ts';
import { judgeRecovery, RECOVERY_CLASSES, RECOVERY_CONSULTS } from './support/recovery.ts';
import { keyOf, type ServerView } from './support/server-view.ts';

const CLASSES = [...RECOVERY_CLASSES, ...failureClasses, 'unfinished', 'died'] as const;
type Judged = Finding<ClassOf<(typeof CLASSES)[number]>>;

/** How the server answered the over-long request: a refusal, an error event or a complete answer is correct. */
function judgeRequest(first: Exchange, record: CaseRecord, view: ServerView): Judged {
  const { outcome, answer } = view.read(first, record.id);
  const expected = 'a 4xx, an error event or a complete answer';
  const plain = view.answer(keyOf(record.id.api, 'stream', 'text'));
  if (plain === null) {
    return inapplicable('the plain request was not answered before');
  }
  if (hasErred(plain)) return blocked('error-ends-stream: the stream of the plain request ended in an error');
  const status = statusOf(first);
  if (status >= 400 && status < 500 && status !== 429 && status !== 401) return pass('refused');
  if (outcome.kind === 'unjudged') return unjudged(outcome.reason);
  if (outcome.kind === 'refused') return pass('refused');
  if (errorInBand(first) !== null) return pass('an error event');
  if (outcome.kind === 'failed') return broken({ class: outcome.class, expected, detail: outcome.detail });
  if (answer === null) return inapplicable('not answered');
  if (hasErred(answer)) return pass('an error event');
  // Where the plain answer has no end marker either, stream-end judges it.
  if (isComplete(answer) || (isFinished(answer) && !isComplete(plain))) {
    const nothing = delivered(answer) ? null : judgeNothing(answer, record, view);
    if (nothing !== null) return nothing;
    const counts = countsOf(answer);
    return pass(counts === null ? 'answered' : `answered: the prompt was counted as ${counts.prompt} tokens`);
  }
  const frames = answer.kind === 'stream' ? answer.stream.frames.slice(-3) : [];
  const empty = answer.choices.length === 0;
  return broken({
    class: empty ? 'empty' : 'unfinished',
    expected,
    detail: empty ? 'a 200 without an answer' : `a 200 without ${answer.api.terms.finish} or end`,
    frames,
  });
}

/**
 * A complete answer that delivers nothing, where the plain answers deliver something: a model may have nothing to say, but
 * then it generated nothing; and what is over the context was not read.
 */
function judgeNothing(answer: Answer, { id }: CaseRecord, view: ServerView): Judged | null {
  const plain = (['text', 'short'] as const).map((scenario) =>
    view.answer(keyOf(id.api, 'stream', scenario)),
  );
  if (plain.some((own) => own !== null && !delivered(own))) return null;
  const counts = answer.kind === 'stream' ? judgedUsage(answer.stream)?.counts : answer.counts;
  const context = view.seen.statedContext ?? null;
  const { prompt, completion, reasoning } = counts ?? {};
  const tooLong = context !== null && isCount(prompt) && prompt > context;
  // Reasoning may be hidden.
  const unseen = isCount(completion) ? completion - (isCount(reasoning) ? reasoning : 0) : 0;
  const [fails, detail] = tooLong
    ? [true, `${prompt} prompt tokens were counted, over the context of ${context} that the server states`]
    : [unseen > 1, isCount(completion) ? `${completion} completion tokens were counted` : 'none was counted'];
  return broken({
    class: 'empty',
    expected: 'a 4xx, an error event or an answer that delivers something',
    detail: `a complete answer that delivers nothing; ${detail}`,
    frames: answer.kind === 'stream' ? answer.stream.frames.slice(-3) : [],
    mild: !fails,
  });
}

/** It timed out: that alone is no fault, but the next request must be served. */
function hungUp(request: Finding, followUps: readonly Exchange[], view: ServerView): boolean {
  const last = followUps.at(-1)?.reply;
  if (request.verdict !== 'error' || view.seen.death !== null || last === undefined) return false;
  return last.kind === 'silent' || last.kind === 'unreachable' || last.kind === 'dropped';
}

const isMild = (finding: Finding) => finding.verdict === 'broken' && finding.mild === true;

/** How the long prompt itself was counted is worth a note where all is well. */
function noted(finding: Judged, note: string | undefined): Judged {
  return finding.verdict === 'pass' && finding.note === undefined ? pass(note) : finding;
}

export default relationCheck({
  id: 'recovers-after-overlong',
  classes: CLASSES,
  modes: STREAM,
  consults: ['recovers-after-abort', ...RECOVERY_CONSULTS],
  scenarios: ['overlong', 'text', 'repeat'],
  instances(api, view) {
    const filedAt = keyOf(api, 'stream', 'overlong');
    const record = view.seen.cases.get(filedAt);
    if (record?.state.kind !== 'sent' || record.state.material.kind !== 'follow-up')
      return [{ filedAt, compares: [], judge: () => undefined }];
    const { first, followUps } = record.state.material;
    const request = judgeRequest(first, record, view);
    const afterwards = (): Judged =>
      view.found('recovers-after-abort', keyOf(api, 'stream', 'abort'))?.verdict === 'broken'
        ? blocked('recovers-after-abort: the server was already disturbed')
        : judgeRecovery(record, followUps, view);
    const finding: Judged =
      view.seen.death?.caseKey === filedAt
        ? broken({
            class: 'died',
            expected: 'the plain request served again as before',
            detail: `the next plain request was not served (${view.seen.death.observed})`,
            twice: true,
          })
        : request.verdict === 'pass'
          ? noted(afterwards(), request.note)
          : hungUp(request, followUps, view)
            ? afterwards()
            : (worst([request, isMild(request) ? afterwards() : request]) ?? request);
    const exchange = request.verdict === 'pass' || finding !== request ? (followUps.at(-1) ?? first) : first;
    return [{ filedAt, compares: [], exchange, judge: () => finding }];
  },
});
