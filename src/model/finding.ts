import type { Frame } from './exchange.ts';

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
  /** It came twice already: the check has a second try of its own. */
  readonly twice?: boolean;
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

function rank(finding: Finding): number {
  switch (finding.verdict) {
    case 'broken':
      return finding.mild ? 4 : 5;
    case 'error':
      return 3;
    case 'skip':
      return finding.blocked ? 2 : 0;
    case 'pass':
      return 1;
  }
}

/**
 * Of several exchanges of one case the worst finding is filed. What could not be judged in one of them because of another
 * finding is worse than a pass: a comparison needs both.
 */
export function worst(findings: readonly Finding[]): Finding | undefined {
  return findings.reduce<Finding | undefined>(
    (found, next) => (found === undefined || rank(next) > rank(found) ? next : found),
    undefined,
  );
}
