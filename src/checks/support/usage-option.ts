/** Streaming requests that are served without `stream_options` and not with it. */
import { type CaseId, caseKey } from '../../model/case-id.ts';
import type { Outcome } from '../../model/outcome.ts';
import type { ServerView } from './server-view.ts';

/** What each option sends as `stream_options`. */
export const SENT: Partial<Record<CaseId['option'], string>> = {
  asked: '{"include_usage":true}',
  false: '{"include_usage":false}',
  null: 'null',
  empty: '{}',
};

/** Whether the same request without `stream_options` was served as a stream. */
export function twinServed(id: CaseId, view: ServerView): boolean {
  return view.answer(caseKey({ ...id, option: 'unasked' })) !== null;
}

/** What only the option brought about: a refusal or a server error, which stream-options-accepted alone judges. Else null. */
export function refusedByOption(
  id: CaseId,
  outcome: Outcome,
  view: ServerView,
): Extract<Outcome, { kind: 'refused' | 'failed' }> | null {
  if (id.scenario !== 'text' || id.mode !== 'stream' || SENT[id.option] === undefined) return null;
  if (!twinServed(id, view)) return null;
  if (outcome.kind === 'refused') return outcome;
  if (outcome.kind !== 'failed') return null;
  const { status } = outcome;
  return status === null || status >= 400 || outcome.class === 'error-in-band' ? outcome : null;
}
