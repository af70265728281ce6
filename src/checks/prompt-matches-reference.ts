import { type Answer, countsOf, lastFrames } from '../model/answer.ts';
import type { Mode } from '../model/api.ts';
import { blocked, inapplicable, passBy, type Skip } from '../model/finding.ts';
import { isJsonObject } from '../model/json.ts';
import { agrees } from '../model/reference.ts';
import { textOf } from '../references/counted-request.ts';
import { estimateOf } from '../references/estimate.ts';
import { promptReferences } from '../references/references.ts';
import { vote } from '../references/vote.ts';
import { ASKED, answerCheck, BOTH } from './support/define-check.ts';
import { promptCountMoves, promptCountUnknown } from './support/distrusted-counts.ts';
import { disagreement, namesOf, noReference } from './support/reference-votes.ts';
import { keyOf, type ServerView } from './support/server-view.ts';
import { wrongPrompts } from './support/wrong-counts.ts';

const CONSULTS = ['prompt-stable', 'prompt-grows', 'prompt-matches-nonstream'] as const;

export default answerCheck({
  id: 'prompt-matches-reference',
  countsPrompts: true,
  modes: BOTH,
  options: ASKED,
  classes: ['fewer', 'more'],
  needs: ['usage-nonzero'],
  consults: CONSULTS,
  comparesReferences: true,
  reads: 'counts',
  judge(answer, view) {
    const { references } = view.seen;
    const counts = countsOf(answer);
    const { body } = answer.exchange.request;
    if (references === undefined || counts === null || !isJsonObject(body)) return undefined;
    const reason = foundWrongElsewhere(answer, view);
    if (reason !== null) return reason;
    if (answer.asked.answers !== 1) return inapplicable('n: choices-counted judges the prompt');
    const { prompt } = answer.asked;
    if (prompt === null && !answer.api.features.has('prompt-lists')) return undefined;
    if (prompt === null) return inapplicable('several prompts: list-prompts-counted judges them');
    const known = promptReferences(references, answer.id.api, body);
    const outcome = vote(counts.prompt, known);
    if (outcome.kind === 'none') {
      const rough = known[0] ?? (prompt.kind === 'ids' ? null : estimateOf(textOf(prompt)));
      return noReference(rough);
    }
    if (outcome.kind === 'agrees') return passBy(namesOf(outcome.by));
    return disagreement(counts.prompt, 'prompt', outcome, {
      alike: wrongPrompts(answer, view, (one) => expectedPrompt(one, view)),
      frames: lastFrames(answer),
    });
  },
});

/** A difference that another check reported is not reported again. */
function foundWrongElsewhere({ id }: Answer, view: ServerView<(typeof CONSULTS)[number]>): Skip | null {
  const { api, mode, scenario } = id;
  const moves = (one: Mode) => view.found('prompt-stable', keyOf(api, one, 'repeat'))?.verdict === 'broken';
  // A mode without any usage says nothing about the other's.
  if (promptCountMoves(view, api, mode) || moves('stream') || moves('nonstream'))
    return blocked('prompt-stable: the count depends on what was sent before');
  if (promptCountUnknown(view, api)) return blocked('prompt-stable: could not be judged');
  if (view.found('prompt-grows', keyOf(api, mode, 'grow-240'))?.verdict === 'broken')
    return blocked('prompt-grows: the count does not grow with the prompt');
  if (view.found('prompt-matches-nonstream', keyOf(api, 'stream', scenario))?.verdict === 'broken')
    return blocked('prompt-matches-nonstream: the two modes count differently');
  return null;
}

/** What the references that may judge expect; null where there is none, or where they allow what was reported. */
function expectedPrompt(answer: Answer, view: ServerView): number | null {
  const { body } = answer.exchange.request;
  const reported = countsOf(answer)?.prompt;
  if (view.seen.references === undefined || reported === undefined || !isJsonObject(body)) return null;
  // Token ids force a range, in which a constant error does not show.
  const judging = promptReferences(view.seen.references, answer.id.api, body).filter(
    ({ authority, source }) => authority !== 'estimate' && source !== 'forced',
  );
  const best = judging.find(({ authority }) => authority === 'exact') ?? judging[0];
  const allowed = best?.slack !== undefined && agrees(best, reported);
  return best === undefined || allowed ? null : best.count;
}
