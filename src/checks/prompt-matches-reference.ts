import { type Answer, countsOf, lastFrames } from '../model/answer.ts';
import type { Mode } from '../model/api.ts';
import { blocked, broken, type Finding, inapplicable, passBy } from '../model/finding.ts';
import { isJsonObject } from '../model/json.ts';
import { agrees, type Reference, says } from '../model/reference.ts';
import { countedPrompt, textOf } from '../references/counted-request.ts';
import { estimateOf } from '../references/estimate.ts';
import { promptReferences } from '../references/references.ts';
import { vote } from '../references/vote.ts';
import { ASKED, answerCheck, BOTH } from './support/define-check.ts';
import { keyOf, type ServerView } from './support/server-view.ts';
import { wrongPrompts } from './support/wrong-counts.ts';

export default answerCheck({
  id: 'prompt-matches-reference',
  modes: BOTH,
  options: ASKED,
  needs: ['usage-nonzero'],
  given: ({ references }) => references !== undefined,
  reads: 'counts',
  judge(answer, view) {
    const { references } = view.seen;
    const counts = countsOf(answer);
    const { body } = answer.exchange.request;
    if (references === undefined || counts === null || !isJsonObject(body)) return undefined;
    const hindrance = foundWrongElsewhere(answer, view);
    if (hindrance !== null) return hindrance;
    if (body['n'] !== undefined && body['n'] !== 1)
      return inapplicable('n: choices-counted judges the prompt');
    const prompt = countedPrompt(answer.id.api, body);
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

/** A difference that another check has found already is not found a second time. */
function foundWrongElsewhere({ id }: Answer, view: ServerView): Finding | null {
  const { api, mode, scenario } = id;
  const moves = (one: Mode) => view.found('prompt-stable', keyOf(api, one, 'repeat'))?.verdict === 'broken';
  // A mode without any usage says nothing about the other's.
  if (view.promptCountMoves(api, mode) || moves('stream') || moves('nonstream'))
    return blocked('prompt-stable: the count depends on what was sent before');
  if (view.promptCountUnknown(api)) return blocked('prompt-stable: could not be judged');
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

/** No source that may judge is at hand; an estimate is shown beside the count, and judges nothing. */
export function noReference(rough: Reference | null): Finding {
  const finding = inapplicable('no reference is at hand (see --tokenizer and --reference-server)');
  return rough === null || finding.verdict !== 'skip'
    ? finding
    : { ...finding, reference: `${rough.name}: about ${rough.count}` };
}

export const namesOf = (references: readonly Reference[]): string =>
  [...new Set(references.map(({ name }) => name))].join(', ');

/** A difference in words: every source with what it said. */
export function disagreement(
  reported: number,
  what: 'prompt' | 'completion',
  outcome: { readonly kind: 'fails' | 'warns'; readonly by: readonly Reference[]; readonly why?: string },
  shown: { readonly alike: string | undefined; readonly frames: ReturnType<typeof lastFrames> },
): Finding {
  const [first] = outcome.by;
  const expected = first?.count ?? 0;
  const said = [...new Set(outcome.by.map(says))].join(', ');
  const by = reported - expected;
  const alike = shown.alike === undefined ? '' : `; ${shown.alike}`;
  const mildly = outcome.kind === 'warns' ? `; a warning only: ${outcome.why ?? 'it is not exact'}` : '';
  return broken({
    expected: `${expected} ${what} tokens: ${said}`,
    observed: `${by < 0 ? 'fewer' : 'more'}: ${reported} ${what} tokens (${by < 0 ? '' : '+'}${by}), ${said}`,
    message: `${reported} ${what} tokens, but ${said}${alike}${mildly}`,
    reference: namesOf(outcome.by),
    frames: shown.frames,
    ...(outcome.kind === 'warns' ? { mild: true as const } : {}),
  });
}
