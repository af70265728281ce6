import type { Outcome } from '../model/outcome.ts';
import { answered, scenario, skipped } from './define.ts';
import { PLAIN } from './text.ts';

export const stop = scenario({
  id: 'stop',
  needs: ['stop'],
  about: 'a stop string seen in the earlier answer',
  asks: () => [PLAIN],
  async send(sender) {
    const earlier = (['stream', 'nonstream'] as const).flatMap(
      (mode) => sender.earlier(mode, 'text')?.outcomes ?? [],
    );
    const [seen] = earlier.flatMap((outcome) => stopString(outcome) ?? []);
    if (seen === undefined) return skipped('no earlier answer has a whole word to take as a stop string');
    return answered([await sender.ask({ ...PLAIN, stop: [seen] })]);
  },
});

const BROKEN = '\uFFFD';

/** The first run of so many letters that holds no broken character: that one is not in the text as it was generated. */
const wordIn = (text: string, least: number): string | undefined =>
  text.match(/[\p{L}\p{N}\uFFFD]+/gu)?.find((word) => word.length >= least && !word.includes(BROKEN));

/** A word from the middle of an answer, or one from before; null where there is none. */
function stopString(outcome: Outcome): string | null {
  const choices =
    outcome.kind === 'stream'
      ? outcome.stream.choices
      : outcome.kind === 'whole'
        ? outcome.answer.choices
        : null;
  const text = choices?.[0]?.text ?? '';
  const half = text.slice(Math.floor(text.length / 2));
  const word = wordIn(half, 3) ?? wordIn(text, 2);
  return word === undefined ? null : [...word].slice(0, 12).join('');
}
