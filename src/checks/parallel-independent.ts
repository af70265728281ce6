import { countsOf, isComplete } from '../model/answer.ts';
import type { Exchange } from '../model/exchange.ts';
import { blocked, broken, type Finding, inapplicable, pass, unjudged, worst } from '../model/finding.ts';
import { relationCheck } from './support/define-check.ts';
import { difference } from './support/same-counts.ts';
import { keyOf, type ServerView } from './support/server-view.ts';

/** One of the requests in flight together, held against the case that sent it alone. */
function judgeOne(alone: string, exchange: Exchange, view: ServerView): Finding {
  const own = view.answer(alone);
  if (own === null || !isComplete(own)) return inapplicable('not answered completely when sent alone');
  const { outcome, answer } = view.read(exchange, own.id);
  const expected = 'each request answered as when it is sent alone';
  if (outcome.kind === 'unjudged') {
    return outcome.status === 429
      ? inapplicable(`refused when together: ${outcome.reason}`)
      : unjudged(outcome.reason);
  }
  if (outcome.kind === 'refused') return inapplicable(`refused when together: ${outcome.reason}`);
  if (outcome.kind === 'failed') {
    if (outcome.status === 503 && outcome.observed.includes(': '))
      return inapplicable(`refused when together: ${outcome.observed}`);
    return broken({ expected, observed: `unanswered: ${outcome.observed}` });
  }
  if (answer === null) return inapplicable('not answered');
  if (answer.kind === 'stream' && answer.stream.error !== null) {
    return broken({
      expected,
      observed: `error: ${answer.stream.error.message.slice(0, 200)}`,
      frames: [answer.stream.error.frame],
    });
  }
  const frames = answer.kind === 'stream' ? answer.stream.frames.slice(-3) : [];
  if (!isComplete(answer))
    return broken({ expected, observed: 'incomplete: the stream lacks a finish_reason or its end', frames });
  if (view.found('usage-nonzero', alone)?.verdict !== 'pass')
    return pass('counts not judged: usage-nonzero did not pass alone');
  const ownCounts = countsOf(own);
  const counts = countsOf(answer);
  if (ownCounts === null) return pass();
  const moves = view.promptCountMoves(own.id.api, own.id.mode);
  if (counts === null && moves) return pass('counts not judged: they depend on what was sent before');
  if (counts === null)
    return broken({ expected, observed: 'usage: no complete usage came, alone it did', frames });
  const differs = difference(
    { answer: own, counts: ownCounts },
    { answer, counts },
    {
      prompt: !moves,
      completion: !view.completionCountFails(own.id.api, own.id.mode),
    },
  );
  return differs === null ? pass() : broken({ expected, observed: `mixed: ${differs}`, frames });
}

export default relationCheck({
  id: 'parallel-independent',
  scenarios: ['parallel', 'text', 'grow-20', 'grow-80', 'grow-240', 'repeat'],
  instances(api, view) {
    const filedAt = keyOf(api, 'stream', 'parallel');
    const record = view.seen.cases.get(filedAt);
    if (record?.state.kind !== 'sent' || record.state.material.kind !== 'parallel')
      return [{ filedAt, compares: [], judge: () => undefined }];
    const found = record.state.material.together.map(({ alone, exchange }) => ({
      exchange,
      finding: judgeOne(alone, exchange, view),
    }));
    const finding =
      view.seen.death?.caseKey === filedAt
        ? blocked('server-survives: the server died')
        : worst(found.map((one) => one.finding));
    const exchange = found.find((one) => one.finding === finding)?.exchange;
    return [{ filedAt, compares: [], ...(exchange === undefined ? {} : { exchange }), judge: () => finding }];
  },
});
