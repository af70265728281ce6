import type { Frame } from '../exchange.ts';

/** What a check found in one case. Words about the rule live in docs/checks, not here. */
export type Finding =
  | { readonly verdict: 'pass'; readonly note?: string; readonly reference?: string }
  | Broken
  /** `blocked`: because of something found elsewhere, so what depends on this check is skipped, too. */
  | {
      readonly verdict: 'skip';
      readonly reason: string;
      readonly blocked: boolean;
      readonly reference?: string;
    }
  | { readonly verdict: 'error'; readonly reason: string };

export interface Broken {
  readonly verdict: 'broken';
  readonly expected: string;
  /** Starts with the class word. */
  readonly observed: string;
  readonly message?: string;
  readonly frames?: readonly Frame[];
  /** A warning at most, even of a MUST. */
  readonly mild?: true;
  /** What the count was compared with, as reports call it. */
  readonly reference?: string;
}

export const pass = (note?: string): Finding =>
  note === undefined ? { verdict: 'pass' } : { verdict: 'pass', note };

/** A count that is what it was compared with. */
export const passBy = (reference: string): Finding => ({ verdict: 'pass', reference });

/** Does not apply here; what depends on it is judged all the same. */
export const inapplicable = (reason: string): Finding => ({ verdict: 'skip', reason, blocked: false });

/** Can't be judged because of another finding. */
export const blocked = (reason: string): Finding => ({ verdict: 'skip', reason, blocked: true });

/** The tester could not judge; never the server's fault. */
export const unjudged = (reason: string): Finding => ({ verdict: 'error', reason });

export const broken = (fault: Omit<Broken, 'verdict'>): Finding => ({ verdict: 'broken', ...fault });

const RANK: Record<Finding['verdict'], number> = { broken: 3, error: 2, pass: 1, skip: 0 };

/** Of several exchanges of one case the worst finding is filed; a break that is only mild ranks below one that is not. */
export function worst(findings: readonly Finding[]): Finding | undefined {
  const rank = (finding: Finding) =>
    RANK[finding.verdict] - (finding.verdict === 'broken' && finding.mild ? 0.5 : 0);
  return findings.reduce<Finding | undefined>(
    (found, next) => (found === undefined || rank(next) > rank(found) ? next : found),
    undefined,
  );
}
