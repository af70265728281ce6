import { apiOf } from '../apis/index.ts';
import { answerOf, countsOf } from '../model/answer.ts';
import type { Ask } from '../model/api.ts';
import type { Exchange } from '../model/exchange.ts';
import { isAnswer } from '../model/outcome.ts';
import type { Sender } from '../model/scenario.ts';
import { answered, askTwice, scenario } from './define.ts';
import { EARLIER, LONG_LIST } from './prompts.ts';

const LAST: Ask = { prompt: LONG_LIST, limit: 8 };
const WHOLE: Ask = { ...LAST, earlier: EARLIER };
/** For templates that know no system. */
const UNGUIDED: Ask = { ...LAST, earlier: EARLIER.filter(({ by }) => by !== 'system') };
const GUIDED_LAST: Ask = { ...LAST, earlier: EARLIER.filter(({ by }) => by === 'system') };

export const conversation = scenario({
  id: 'conversation',
  catalogue: 2,
  needs: ['conversation'],
  optional: true,
  about: 'system, user, assistant and user, and the last message alone, each twice, limit 8',
  asks: () => [WHOLE, WHOLE, LAST, LAST],
  async send(sender) {
    const guided = await sender.ask(WHOLE);
    const { kind } = sender.outcome(guided);
    const refused = (kind === 'refused' || kind === 'failed') && !sender.halted;
    const [ask, first] = refused ? [UNGUIDED, await sender.ask(UNGUIDED)] : [WHOLE, guided];
    if (!isAnswer(sender.outcome(first))) return answered([first]);
    const second = await sender.ask(ask);
    const alone = await askTwice(sender, LAST);
    const [whole, part] = [promptOf(second, sender), promptOf(alone.second, sender)];
    // Where no system message is sent, a template may put its own, which may be a long one.
    const doubtful = !refused && whole !== null && part !== null && whole <= part;
    const compared = doubtful ? [alone, await askTwice(sender, GUIDED_LAST)] : [alone];
    return { kind: 'sent', material: { kind: 'plain', exchanges: [first, second], compared } };
  },
});

function promptOf(exchange: Exchange, sender: Sender): number | null {
  const answer = answerOf(exchange, sender.outcome(exchange), apiOf(sender.id.api), sender.id);
  return (answer && countsOf(answer)?.prompt) ?? null;
}
