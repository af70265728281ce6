/** Streaming requests that are served without `stream_options` and not with it. */
import { apiOf } from '../../apis/index.ts';
import type { ApiId } from '../../model/api.ts';
import { type CaseId, caseKey } from '../../model/case-id.ts';
import type { Exchange } from '../../model/exchange.ts';
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

/** The case that asks for usage first. */
const firstAsked = (api: ApiId): CaseId => ({ api, mode: 'stream', option: 'asked', scenario: 'text' });

/** No end of the answer came within our patience. */
export function isHung({ reply }: Exchange): boolean {
  if (reply.kind === 'silent') return true;
  return (
    reply.kind === 'response' && reply.body.ending.kind === 'stopped' && reply.body.ending.why !== 'too-large'
  );
}

/** How often the request that asks for usage was left unanswered, where its twin without was served; 0 where it was not always. */
export function timesHung(api: ApiId, view: ServerView): number {
  const id = firstAsked(api);
  const attempts = view.attempts(caseKey(id));
  return attempts.every(({ exchange }) => isHung(exchange)) && twinServed(id, view) ? attempts.length : 0;
}

/**
 * The sentence about a server that hangs where usage is asked for in an API, and nowhere else; null where it does not. Once
 * may be chance (a model that is being loaded): in some API it came twice.
 */
export function hangsWhereAsked(api: ApiId, view: ServerView): string | null {
  const { terms, usageOptions } = apiOf(api);
  if (!usageOptions.includes('asked') || timesHung(api, view) === 0) return null;
  const apis = new Set([...view.seen.cases.values()].map(({ id }) => id.api));
  return [...apis].some((one) => timesHung(one, view) > 1)
    ? `the server hangs where usage is asked for (${terms.askUsage}): the same request without it is answered`
    : null;
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
