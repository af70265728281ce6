/** Counts that other checks found wrong, or that depend on more than their own request: comparing them proves nothing. */
import type { ApiId, Mode } from '../../model/api.ts';
import { blocked, type Skip } from '../../model/finding.ts';
import { BOTH } from './define-check.ts';
import { keyOf, type ServerView } from './server-view.ts';

type PromptView = ServerView<'prompt-stable'>;

/** Whether a prompt's count is known to depend on whether it was sent before. */
export function promptCountMoves(view: PromptView, api: ApiId, mode: Mode): boolean {
  const stable = view.found('prompt-stable', keyOf(api, mode, 'repeat'));
  return stable?.verdict === 'broken' || (stable?.verdict === 'skip' && stable.blocked);
}

/** Whether that could not be found out, in either mode. */
export function promptCountUnknown(view: PromptView, api: ApiId): boolean {
  return BOTH.some((mode) => view.found('prompt-stable', keyOf(api, mode, 'repeat'))?.verdict === 'error');
}

/** Why prompt counts of an API prove nothing beside others; null where they do. */
export function promptDoubt(view: PromptView, api: ApiId): Skip | null {
  if (BOTH.some((mode) => promptCountMoves(view, api, mode)))
    return blocked('prompt-stable: the count depends on what was sent before');
  return promptCountUnknown(view, api) ? blocked('prompt-stable: could not be judged') : null;
}

/** The checks by which completion counts are found wrong. */
export const LIMIT_CHECKS = ['completion-equals-limit', 'completion-within-limit'] as const;

/**
 * Whether completion counts at the limit were found wrong in some case: then they prove nothing about others. A warning
 * is no proof of that: a server that does not know the limit's newer name counts truly.
 */
export function completionCountFails(
  view: ServerView<(typeof LIMIT_CHECKS)[number]>,
  api: ApiId,
  mode: Mode,
): boolean {
  return LIMIT_CHECKS.some((check) =>
    view.foundIn(check, api, mode).some((finding) => finding.verdict === 'broken' && !finding.mild),
  );
}
