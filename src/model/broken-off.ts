/** Why a run was broken off from outside, as reports tell it. */
export interface BrokenOff {
  readonly kind: 'interrupted' | 'out-of-time';
  readonly message: string;
}

/**
 * Reads the reason of a signal: one named TimeoutError, as that of `AbortSignal.timeout()`, says that the time is over;
 * any other is an interruption. null: it was not broken off.
 */
export function brokenOff({ aborted, reason }: AbortSignal): BrokenOff | null {
  if (!aborted) return null;
  return reason instanceof Error && reason.name === 'TimeoutError'
    ? { kind: 'out-of-time', message: reason.message }
    : { kind: 'interrupted', message: 'interrupted' };
}
