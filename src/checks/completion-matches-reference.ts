import { type Answer, countsOf, endOf, forcedLength, lastFrames } from '../model/answer.ts';
import { caseKey } from '../model/case-id.ts';
import { blocked, inapplicable, passBy } from '../model/finding.ts';
import { isJsonObject } from '../model/json.ts';
import type { Reference } from '../model/reference.ts';
import { estimateOf } from '../references/estimate.ts';
import { answerKey, completionReferences } from '../references/references.ts';
import { notRetokenisable } from '../references/retokenise.ts';
import { vote } from '../references/vote.ts';
import { ASKED, answerCheck, BOTH } from './support/define-check.ts';
import { completionCountFails, LIMIT_CHECKS } from './support/distrusted-counts.ts';
import { disagreement, namesOf, noReference } from './support/reference-votes.ts';
import { keyOf, type ServerView } from './support/server-view.ts';
import { countedAnswers, missingChoices, wrongCompletions } from './support/wrong-counts.ts';

/** So many forced answers must re-tokenise to their forced count before re-tokenised text is trusted in others. */
const PROOFS = 2;

const CONSULTS = [...LIMIT_CHECKS, 'completion-matches-nonstream'] as const;

export default answerCheck({
  id: 'completion-matches-reference',
  modes: BOTH,
  options: ASKED,
  classes: ['fewer', 'more'],
  needs: ['usage-nonzero'],
  consults: CONSULTS,
  comparesReferences: true,
  reads: 'counts',
  judge(answer, view) {
    const counts = countsOf(answer);
    if (view.seen.references === undefined || counts === null || counts.each.length > 1) return undefined;
    const { api, mode } = answer.id;
    const limited = view.found('completion-equals-limit', caseKey(answer.id))?.verdict;
    if (answer.choices.some(({ finishes }) => new Set(finishes).size > 1))
      return blocked('finish-once: nobody knows which of several finishes holds');
    const asForced = forcedLength(answer) === counts.completion;
    if (limited === 'pass' || limited === 'broken' || asForced)
      return inapplicable('cut by the limit: completion-equals-limit judges it');
    if (completionCountFails(view, api, mode))
      return blocked(
        'completion-equals-limit or completion-within-limit: completion counts are wrong already',
      );
    if (
      view.found('completion-matches-nonstream', keyOf(api, 'stream', answer.id.scenario))?.verdict ===
      'broken'
    )
      return blocked('completion-matches-nonstream: the two modes count differently');
    const { references, without } = referencesOf(answer, view);
    const outcome = vote(counts.completion, references);
    if (outcome.kind === 'none') {
      if (without !== null) return inapplicable(without);
      const text = answer.choices.map((choice) => choice.text).join('');
      return noReference(text === '' ? null : estimateOf(text));
    }
    if (outcome.kind === 'agrees') return passBy(namesOf(outcome.by));
    return disagreement(counts.completion, 'completion', outcome, {
      alike:
        missingChoices(answer) ??
        wrongCompletions(answer, view, (one) => referencesOf(one, view).references[0]?.count ?? null),
      frames: lastFrames(answer),
    });
  },
});

/** The references that may vote on an answer; and, where re-tokenised text may not, why. */
function referencesOf(
  answer: Answer,
  view: ServerView,
): { readonly references: readonly Reference[]; readonly without: string | null } {
  const { body } = answer.exchange.request;
  const { references } = view.seen;
  if (references === undefined || !isJsonObject(body)) return { references: [], without: null };
  const { api } = answer.id;
  const found = completionReferences(references, api, body, answer.choices);
  const again = references.retokenised.get(answerKey(api, body, answer.choices));
  const anyTokenizer = references.retokenised.size > 0;
  const why = anyTokenizer ? (notRetokenisable(answer) ?? notCanonical(answer, view)) : null;
  const all = again === undefined || why !== null ? found : [...found, again];
  return { references: all.map((reference) => withEndToken(reference, answer)), without: why };
}

/** Where a choice ended by itself its end-of-text token may be counted or not; where the limit cut it there is none. */
function withEndToken(reference: Reference, answer: Answer): Reference {
  const ended = answer.choices.filter((choice) => endOf(answer, choice) !== 'limit').length;
  if (ended === 0) return reference;
  // Ids and another server's count may hold that token themselves; the text never does.
  const mayHoldIt = reference.source === 'ids' || reference.source === 'server';
  return { ...reference, slack: { below: mayHoldIt ? ended : 0, above: ended } };
}

/** Why this model's text can't be re-tokenised: where the limit forced a count, the text must give the same count. */
function notCanonical(answer: Answer, view: ServerView): string | null {
  const { api } = answer.id;
  const proofs = new Map<string, boolean>();
  for (const one of [...countedAnswers(api, 'stream', view), ...countedAnswers(api, 'nonstream', view)]) {
    const { body } = one.exchange.request;
    const key = isJsonObject(body) ? answerKey(api, body, one.choices) : '';
    const again = view.seen.references?.retokenised.get(key);
    const [forced, counts] = [forcedLength(one), countsOf(one)];
    // Where the limit was not kept, no count was forced.
    if (again === undefined || forced === null || counts === null || counts.completion > forced) continue;
    // Where the server reports exactly the limit, the window was large enough.
    if (counts.completion === forced || view.provesWindow(counts.prompt + forced))
      proofs.set(key, again.count === forced);
  }
  const held = [...proofs.values()].filter(Boolean).length;
  if (held < proofs.size)
    return 'text is not tokenized again: where the limit forced the count, the text gave another (it does not round-trip)';
  return held < PROOFS
    ? 'text is not tokenized again: too few forced answers prove that it round-trips'
    : null;
}
