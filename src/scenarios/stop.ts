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
    if (seen === undefined) return skipped('no earlier answer has text to take a stop string from');
    return answered([await sender.ask({ ...PLAIN, stop: [seen] })]);
  },
});

/** A piece from the middle of an answer: a word where there is one. */
function stopString(outcome: Outcome): string | null {
  const choices =
    outcome.kind === 'stream'
      ? outcome.stream.choices
      : outcome.kind === 'whole'
        ? outcome.answer.choices
        : null;
  const text = choices?.[0]?.text ?? '';
  const half = text.slice(Math.floor(text.length / 2));
  const word = /[\p{L}\p{N}]{3,}/u.exec(half)?.[0] ?? /[\p{L}\p{N}]{2,}/u.exec(text)?.[0];
  return word?.slice(0, 12) ?? null;
}
