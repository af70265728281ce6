import type { Frame } from './exchange.ts';

/**
 * What a check found in one case. Its text about the rule lives in docs/checks, not here.
 * @typeParam C the classes that the check declares
 */
export type Finding<C extends string = string> = Pass | Broken<C> | Skip | Unjudged;

export interface Pass {
  readonly verdict: 'pass';
  readonly note?: string;
  /** What the count was compared with, as reports call it. */
  readonly reference?: string;
}

export interface Broken<C extends string = string> {
  readonly verdict: 'broken';
  /** How the rule is broken. Grouping, confirmation and comparison of reports go by this, never by words. */
  readonly class: C;
  readonly expected: string;
  /** What was observed, in words that follow the class; empty where the class says it all. */
  readonly detail: string;
  /** The numbers that show the break, by name: `reported`, `expected` … */
  readonly numbers?: Readonly<Record<string, number>>;
  readonly frames?: readonly Frame[];
  /** A sentence of its own in place of what was observed. */
  readonly message?: string;
  /** What the break looks like, for people; it is shown behind what was observed. */
  readonly hint?: string | undefined;
  /** A warning at most, even of a MUST. */
  readonly mild?: boolean;
  /** It came twice already: the check retried by itself. */
  readonly twice?: boolean;
  readonly reference?: string;
}

export interface Skip {
  readonly verdict: 'skip';
  readonly reason: string;
  /** Because of something found elsewhere, so what depends on this check is skipped, too. */
  readonly blocked: boolean;
  /** The innermost reason, where `reason` repeats that of another check. */
  readonly cause?: string;
  readonly reference?: string;
}

export interface Unjudged {
  readonly verdict: 'error';
  readonly reason: string;
  /** Which pattern it has, where it has one: no chance then, though no fault of the rule either. */
  readonly class?: 'hung';
}

/** What a declared class stands for: `http-*` for `http-500` and its like, any other for itself. */
export type ClassOf<D extends string> = D extends `${infer Stem}-*${infer Rest}`
  ? `${Stem}-${number}${Rest}`
  : D;

export const pass = (note?: string): Pass =>
  note === undefined ? { verdict: 'pass' } : { verdict: 'pass', note };

/** A count that is what it was compared with. */
export const passBy = (reference: string): Pass => ({ verdict: 'pass', reference });

/** Does not apply here; what depends on it is judged all the same. */
export const inapplicable = (reason: string): Skip => ({ verdict: 'skip', reason, blocked: false });

/** Can't be judged because of another finding. */
export const blocked = (reason: string): Skip => ({ verdict: 'skip', reason, blocked: true });

/** The tester could not judge; never the server's fault. */
export const unjudged = (reason: string): Unjudged => ({ verdict: 'error', reason });

/** Left unanswered again and again, where others are answered. */
export const hung = (reason: string): Unjudged => ({ verdict: 'error', reason, class: 'hung' });

export const broken = <const C extends string>(fault: Omit<Broken<C>, 'verdict'>): Broken<C> => ({
  verdict: 'broken',
  ...fault,
});

/** Classes whose printed word differs from their id. */
const PRINTED: Readonly<Record<string, string>> = { 'cut-off': 'cut off', 'not-rising': 'not rising' };

/** A class as reports print it. */
export const printedClass = (id: string): string => PRINTED[id] ?? id.replace(/-in-band$/, ' in band');

/** `class: detail`: the one place where what was observed becomes a sentence. */
export function observed(fault: { readonly class: string; readonly detail: string }): string {
  const word = printedClass(fault.class);
  return fault.detail === '' ? word : `${word}: ${fault.detail}`;
}

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
export function worst<C extends string>(findings: readonly Finding<C>[]): Finding<C> | undefined {
  return findings.reduce<Finding<C> | undefined>(
    (found, next) => (found === undefined || rank(next) > rank(found) ? next : found),
    undefined,
  );
}
