import { countsOf } from '../model/answer.ts';
import { blocked, broken, inapplicable, pass } from '../model/finding.ts';
import { relationCheck } from './support/define-check.ts';
import { twinsOf } from './support/twins.ts';

export default relationCheck({
  id: 'prompt-matches-nonstream',
  needs: ['usage-nonzero'],
  scenarios: 'all',
  instances: (api, view) =>
    twinsOf(api, view).map(({ stream, whole }) => ({
      filedAt: stream,
      compares: [stream, whole],
      judge() {
        if (view.promptCountMoves(api, 'stream') || view.promptCountMoves(api, 'nonstream')) {
          return blocked('prompt-stable: the count depends on what was sent before');
        }
        if (view.promptCountUnknown(api)) {
          return blocked('prompt-stable: could not be judged');
        }
        const streamed = view.answer(stream);
        const plain = view.answer(whole);
        const ours = streamed && countsOf(streamed);
        const theirs = plain && countsOf(plain);
        if (!ours || !theirs) return inapplicable('not answered in both modes');
        if (
          JSON.stringify(promptOf(streamed.exchange.request.body)) !==
          JSON.stringify(promptOf(plain.exchange.request.body))
        ) {
          return inapplicable('the two modes were sent different prompts');
        }
        if (ours.prompt === theirs.prompt) return pass();
        return broken({
          expected: `${theirs.prompt} prompt tokens, as without streaming`,
          observed: `differs: ${ours.prompt} in the stream, ${theirs.prompt} without (${signed(ours.prompt - theirs.prompt)})`,
          frames:
            streamed.kind === 'stream' ? streamed.stream.usages.slice(-1).map((usage) => usage.frame) : [],
        });
      },
    })),
});

const signed = (difference: number) => (difference > 0 ? `+${difference}` : String(difference));

function promptOf(body: unknown): unknown {
  if (typeof body !== 'object' || body === null) return body;
  const { messages, prompt, tools } = body as { messages?: unknown; prompt?: unknown; tools?: unknown };
  return [messages, prompt, tools];
}
