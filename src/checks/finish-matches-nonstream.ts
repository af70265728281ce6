import { delivered } from '../model/answer.ts';
import { broken, inapplicable, pass } from '../model/finding.ts';
import { relationCheck, STREAM } from './support/define-check.ts';
import { eachTwin, sameFinish } from './support/twins.ts';

export default relationCheck({
  id: 'finish-matches-nonstream',
  level: 'SHOULD',
  catalogue: 2,
  classes: ['differs'],
  modes: STREAM,
  needs: ['finish-once'],
  believedTwice: true,
  scenarios: 'all',
  instances: (api, view) =>
    eachTwin(api, view, ({ streamed, pairs }) => {
      const same = pairs?.every(([ours, theirs]) => ours.digest === theirs.digest) ?? false;
      if (!same) return inapplicable('the two modes did not deliver the same answer');
      if (!delivered(streamed)) return inapplicable('nothing was delivered');
      const differing = pairs?.find((pair) => !sameFinish(pair));
      if (differing === undefined) return pass();
      const [ours, theirs] = differing.map(({ finishes }) => JSON.stringify(finishes.at(-1)));
      return broken({
        expected: `${streamed.api.terms.finish} ${theirs}, as without streaming`,
        class: 'differs',
        detail: `${ours} in the stream, ${theirs} without, for the same answer`,
        frames: streamed.stream.lastFinish === null ? [] : [streamed.stream.lastFinish],
      });
    }),
});
