/** Streams in which nothing is delivered, where the same requests without streaming deliver text. */
import { type Answer, delivered } from '../../model/answer.ts';
import type { ApiId } from '../../model/api.ts';
import { type CaseId, caseKey } from '../../model/case-id.ts';
import { casesOf, scenarioOf } from '../../scenarios/index.ts';
import type { ServerView } from './server-view.ts';

const PLAIN = ['text', 'short'] as const;

/** Reasoning alone proves nothing: streams may hide it. */
const hasText = (answer: Answer | null) => answer?.choices.some(({ textLength }) => textLength > 0) ?? false;

/** No plain stream of the API delivers anything, though both of its plain whole answers have text. */
export function streamsAreSilent(api: ApiId, view: ServerView): boolean {
  const cases = PLAIN.flatMap((id) => casesOf(api, scenarioOf(id)));
  const streams = cases
    .filter(({ mode }) => mode === 'stream')
    .flatMap((id) => view.attempts(caseKey(id)).flatMap(({ answer }) => answer ?? []));
  if (streams.length === 0 || streams.some(delivered)) return false;
  return cases.filter(({ mode }) => mode === 'nonstream').every((id) => hasText(view.answer(caseKey(id))));
}

/** Whether a stream of this case shows that. */
export const isPlain = ({ scenario }: CaseId): boolean => PLAIN.some((id) => id === scenario);
