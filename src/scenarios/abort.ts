import { relation } from './define.ts';
import { followUp } from './follow-up.ts';
import { LONG_LIST } from './prompts.ts';
import { PLAIN } from './text.ts';

/** ms in which a server sees that its client left: what still runs then is not in flight together with what follows. */
const TIME_TO_NOTICE = 250;

const LONG = { prompt: LONG_LIST, limit: 256 };

export const abort = relation({
  id: 'abort',
  about: 'leave after the first delta, then the plain request again',
  asks: () => [PLAIN, LONG, PLAIN],
  send: (sender) =>
    followUp(sender, async () => {
      const first = await sender.ask(LONG, { leaveAfterFirstDelta: true });
      await sender.pause(TIME_TO_NOTICE);
      return first;
    }),
});
