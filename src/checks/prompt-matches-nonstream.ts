import { type Answer, countsOf, usageFrames } from '../model/answer.ts';
import { blocked, broken, inapplicable, pass } from '../model/finding.ts';
import { isJsonObject } from '../model/json.ts';
import { relationCheck, STREAM } from './support/define-check.ts';
import { promptDoubt } from './support/distrusted-counts.ts';
import { twinsOf } from './support/twins.ts';

export default relationCheck({
  id: 'prompt-matches-nonstream',
  classes: ['differs'],
  countsPrompts: true,
  modes: STREAM,
  needs: ['usage-nonzero'],
  consults: ['prompt-stable', 'list-prompts-counted'],
  scenarios: 'all',
  instances: (api, view) =>
    twinsOf(api, view).map(({ stream, whole }) => ({
      filedAt: stream,
      compares: [stream, whole],
      judge() {
        const doubt = promptDoubt(view, api);
        if (doubt !== null) return doubt;
        const lists = [stream, whole].some(
          (key) => view.found('list-prompts-counted', key)?.verdict === 'broken',
        );
        if (lists) return blocked('list-prompts-counted: a list of prompts is counted wrong');
        const streamed = view.answer(stream);
        const plain = view.answer(whole);
        const ours = streamed && countsOf(streamed);
        const theirs = plain && countsOf(plain);
        if (!ours || !theirs) return inapplicable('not answered in both modes');
        if (promptOf(streamed) !== promptOf(plain)) {
          return inapplicable('the two modes were sent different prompts');
        }
        if (ours.prompt === theirs.prompt) return pass();
        return broken({
          expected: `${theirs.prompt} prompt tokens, as without streaming`,
          class: 'differs',
          numbers: { reported: ours.prompt, expected: theirs.prompt },
          detail: `${ours.prompt} in the stream, ${theirs.prompt} without (${signed(ours.prompt - theirs.prompt)})`,
          frames: usageFrames(streamed),
        });
      },
    })),
});

const signed = (difference: number) => (difference > 0 ? `+${difference}` : String(difference));

function promptOf({ api, exchange }: Answer): string {
  const { body } = exchange.request;
  return JSON.stringify(isJsonObject(body) ? api.fields.prompt.map((name) => body[name]) : body);
}
