import { countsOf, isComplete } from '../model/answer.ts';
import type { Exchange } from '../model/exchange.ts';
import {
  blocked,
  broken,
  type Finding,
  inapplicable,
  observed,
  pass,
  unjudged,
  worst,
} from '../model/finding.ts';
import { relationCheck, STREAM } from './support/define-check.ts';
import { completionCountFails, LIMIT_CHECKS, promptCountMoves } from './support/distrusted-counts.ts';
import { NOT_COUNTED, ownAnswer, ownCounts } from './support/own-answer.ts';
import { difference } from './support/same-counts.ts';
import { keyOf, type ServerView } from './support/server-view.ts';

const CLASSES = ['unanswered', 'error', 'incomplete', 'usage', 'mixed'] as const;
const CONSULTS = ['usage-nonzero', 'prompt-stable', ...LIMIT_CHECKS] as const;

/** One of the requests in flight together, compared with the case that sent it alone. */
function judgeOne(
  at: string,
  alone: string,
  exchange: Exchange,
  view: ServerView<(typeof CONSULTS)[number]>,
): Finding<(typeof CLASSES)[number]> {
  const own = ownAnswer(view, at, alone);
  if ('verdict' in own) return own;
  if (!isComplete(own)) return inapplicable('not answered completely when sent alone');
  const { outcome, answer } = view.read(exchange, own.id);
  const expected = 'each request answered as when it is sent alone';
  if (outcome.kind === 'unjudged') {
    return outcome.status === 429
      ? inapplicable(`refused when together: ${outcome.reason}`)
      : unjudged(outcome.reason);
  }
  if (outcome.kind === 'refused') return inapplicable(`refused when together: ${outcome.reason}`);
  if (outcome.kind === 'failed') {
    // A 503 with a reason refuses requests that are too many at once.
    if (outcome.status === 503 && outcome.detail !== '')
      return inapplicable(`refused when together: ${observed(outcome)}`);
    return broken({ class: 'unanswered', expected, detail: observed(outcome) });
  }
  if (answer === null) return inapplicable('not answered');
  if (answer.kind === 'stream' && answer.stream.error !== null) {
    const { status, message } = answer.stream.error;
    if (status === 429 || status === 503) return inapplicable(`refused when together: ${message}`);
    return broken({
      class: 'error',
      expected,
      detail: message.slice(0, 200),
      frames: [answer.stream.error.frame],
    });
  }
  const frames = answer.kind === 'stream' ? answer.stream.frames.slice(-3) : [];
  if (!isComplete(answer))
    return broken({
      class: 'incomplete',
      expected,
      detail: `the stream lacks a ${answer.api.terms.finish} or its end`,
      frames,
    });
  if (view.found('usage-nonzero', alone)?.verdict !== 'pass')
    return pass('counts not judged: usage-nonzero did not pass alone');
  const due = ownCounts(own);
  const counts = countsOf(answer);
  if (due === null) return pass(`counts not judged: ${NOT_COUNTED}`);
  const moves = promptCountMoves(view, own.id.api, own.id.mode);
  if (counts === null && moves) return pass('counts not judged: they depend on what was sent before');
  if (counts === null)
    return broken({ class: 'usage', expected, detail: 'no complete usage came, alone it did', frames });
  const differs = difference(
    { answer: own, counts: due },
    { answer, counts },
    {
      prompt: !moves,
      completion: !completionCountFails(view, own.id.api, own.id.mode),
    },
  );
  return differs === null ? pass() : broken({ class: 'mixed', expected, ...differs, frames });
}

export default relationCheck({
  id: 'parallel-independent',
  classes: CLASSES,
  modes: STREAM,
  consults: CONSULTS,
  scenarios: ['parallel', 'text', 'grow-20', 'grow-80', 'grow-240', 'repeat'],
  instances(api, view) {
    const filedAt = keyOf(api, 'stream', 'parallel');
    const record = view.seen.cases.get(filedAt);
    if (record?.state.kind !== 'sent' || record.state.material.kind !== 'parallel')
      return [{ filedAt, compares: [], judge: () => undefined }];
    const found = record.state.material.together.map(({ alone, exchange }) => ({
      exchange,
      finding: judgeOne(filedAt, alone, exchange, view),
    }));
    const finding =
      view.seen.death?.caseKey === filedAt
        ? blocked('server-survives: the server died')
        : worst(found.map((one) => one.finding));
    const exchange = found.find((one) => one.finding === finding)?.exchange;
    return [{ filedAt, compares: [], ...(exchange === undefined ? {} : { exchange }), judge: () => finding }];
  },
});
