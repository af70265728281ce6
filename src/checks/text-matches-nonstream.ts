import { countsOf } from '../model/answer.ts';
import type { ChoiceFacts } from '../model/exchange.ts';
import { broken, inapplicable, pass } from '../model/finding.ts';
import { relationCheck, STREAM } from './support/define-check.ts';
import { eachTwin, type Pair, sameFinish } from './support/twins.ts';

const SHOWN_CHARS = 60;

export default relationCheck({
  id: 'text-matches-nonstream',
  level: 'SHOULD',
  catalogue: 2,
  classes: ['lost'],
  modes: STREAM,
  needs: ['finish-once', 'usage-nonzero'],
  believedTwice: true,
  scenarios: 'all',
  instances: (api, view) =>
    eachTwin(api, view, ({ streamed, whole, pairs }) => {
      const [ours, theirs] = [countsOf(streamed), countsOf(whole)];
      if (!streamed.asked.greedy) return inapplicable('temperature 0 was not sent');
      const all = [...streamed.choices, ...whole.choices];
      if (all.some(hasMoreThanText) || (ours?.reasoning ?? 0) + (theirs?.reasoning ?? 0) > 0)
        return inapplicable('not only text was generated');
      if (all.some(({ text, textLength }) => text.length !== textLength))
        return inapplicable('the text is too long to be compared');
      if (pairs === null || ours?.completion !== theirs?.completion || !pairs.every(sameFinish))
        return inapplicable('the two modes did not count the same completion with the same finish');
      const lost = pairs.map(lostEnd).find((end) => end !== null);
      if (lost === undefined) return pass();
      return broken({
        expected: `${lost.before + lost.end.length} characters for ${ours?.completion} tokens, as without streaming`,
        class: 'lost',
        detail: `${lost.before === 0 ? 'no text' : `${lost.before} characters`} in the stream; without, ${shown(lost.end)} follows for as many tokens`,
        numbers: { reported: lost.before, expected: lost.before + lost.end.length },
      });
    }),
});

const hasMoreThanText = ({ reasoningLength, toolCalls }: ChoiceFacts) =>
  reasoningLength > 0 || toolCalls !== '';

/** Where the streamed text is a proper beginning of the other: how long it is, and what follows; null where it is none. */
function lostEnd([ours, theirs]: Pair): { readonly before: number; readonly end: string } | null {
  const [streamed, whole] = [bare(ours.text), bare(theirs.text)];
  return streamed.length < whole.length && whole.startsWith(streamed)
    ? { before: streamed.length, end: whole.slice(streamed.length) }
    : null;
}

const AT_ENDS = /[\s\uFFFD]/u;

/** Without white space and broken characters at its ends: a limit may cut in the middle of a character. */
function bare(text: string): string {
  let [start, end] = [0, text.length];
  while (start < end && AT_ENDS.test(text.charAt(start))) start += 1;
  while (end > start && AT_ENDS.test(text.charAt(end - 1))) end -= 1;
  return text.slice(start, end);
}

const shown = (text: string) =>
  JSON.stringify(text.length > SHOWN_CHARS ? `${text.slice(0, SHOWN_CHARS)}…` : text);
