/** Several references vote on one reported count. Pure. */
import { agrees, type Reference } from '../model/reference.ts';

export type Vote =
  /** Nothing at hand that may judge. */
  | { readonly kind: 'none' }
  | { readonly kind: 'agrees'; readonly by: readonly Reference[] }
  /** Enough against the server to fail it. */
  | { readonly kind: 'fails'; readonly by: readonly Reference[] }
  /** A difference that may have another cause; `why` completes "a warning only: …". */
  | { readonly kind: 'warns'; readonly by: readonly Reference[]; readonly why: string };

const CONTRADICTION = 'the references contradict each other';

/**
 * An exact reference fails a server by itself. Two independent ones that agree with each other against it do, too. A
 * template-dependent one alone warns. References that contradict each other fail nobody, and estimates have no vote.
 */
export function vote(reported: number, references: readonly Reference[]): Vote {
  const voters = references.filter(({ authority }) => authority !== 'estimate');
  if (voters.length === 0) return { kind: 'none' };
  const against = voters.filter((reference) => !agrees(reference, reported));
  const [first] = against;
  if (first === undefined) return { kind: 'agrees', by: voters };
  const exact = voters.filter(({ authority }) => authority === 'exact');
  const exactAgainst = exact.filter((reference) => against.includes(reference));
  if (exact.length > exactAgainst.length) {
    if (exactAgainst.length === 0) return { kind: 'agrees', by: exact };
    return { kind: 'warns', by: voters, why: CONTRADICTION };
  }
  if (exactAgainst.length > 0) {
    return consistent(exactAgainst)
      ? { kind: 'fails', by: against }
      : { kind: 'warns', by: against, why: CONTRADICTION };
  }
  const agreeing = against.filter((one) =>
    against.some((other) => other.source !== one.source && other.count === one.count),
  );
  if (agreeing.length > 0 && against.length === voters.length && consistent(agreeing))
    return { kind: 'fails', by: agreeing };
  const why = consistent(voters) ? (first.doubt ?? 'the chat template is not known') : CONTRADICTION;
  return { kind: 'warns', by: voters, why };
}

/** Some count would satisfy all of them. */
function consistent(references: readonly Reference[]): boolean {
  const least = Math.max(...references.map(({ count, slack }) => count - (slack?.below ?? 0)));
  const most = Math.min(...references.map(({ count, slack }) => count + (slack?.above ?? 0)));
  return least <= most;
}
