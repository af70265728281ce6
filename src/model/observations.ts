/** Everything a run saw of one server: the only thing that judging reads. */

import type { ApiId } from './api.ts';
import type { CaseId } from './case-id.ts';
import type { Exchange } from './exchange.ts';
import type { References } from './reference.ts';

/** Requests of other cases, sent once more; `alone` is the case that sent the same request by itself. */
export type Together = ReadonlyArray<{ readonly alone: string; readonly exchange: Exchange }>;

/** The same request twice in a row: the second is warm. */
export interface Twice {
  readonly first: Exchange;
  readonly second: Exchange;
}

/** What a case is compared with, sent again by itself, so that it is as warm; left out: it was not sent again. */
interface Compared {
  readonly twins?: Together;
}

/** The exchanges of one case, by what its scenario does. */
export type Material = Compared & OwnMaterial;

type OwnMaterial =
  /**
   * Each exchange carries the case's own body (repeat: cold, then warm). `words`: of the prompt, where its length counts.
   * `compared`: other requests that it is compared with; nothing else judges them.
   */
  | {
      readonly kind: 'plain';
      readonly exchanges: readonly Exchange[];
      readonly words?: number;
      readonly compared?: readonly Twice[];
    }
  /** Requests in flight at the same time. */
  | { readonly kind: 'parallel'; readonly together: Together }
  /** Each request twice in a row; the second is its own count. */
  | { readonly kind: 'sequence'; readonly rounds: readonly Twice[] }
  /** The prompts of other cases, counted by the server's count endpoint; `of`: the case that was answered. */
  | {
      readonly kind: 'counted';
      readonly counts: ReadonlyArray<{ readonly of: string; readonly exchange: Exchange }>;
    }
  /** A request that is broken off or too long, then the plain streaming request again; the last follow-up counts. */
  | { readonly kind: 'follow-up'; readonly first: Exchange; readonly followUps: readonly Exchange[] };

export type CaseState =
  | { readonly kind: 'sent'; readonly material: Material }
  /** Not sent, since it does not apply to this server; the reason is shown. */
  | { readonly kind: 'skipped'; readonly reason: string }
  /** The first request of an API, by which it is known that the server has no such API. */
  | { readonly kind: 'absent'; readonly reason: string }
  /** Could not be sent or judged. */
  | { readonly kind: 'errored'; readonly reason: string };

export interface CaseRecord {
  readonly id: CaseId;
  readonly key: string;
  readonly state: CaseState;
}

export interface Observations {
  readonly model: string | null;
  /** By case key, in the order of the run; a case not reached is not in it. */
  readonly cases: ReadonlyMap<string, CaseRecord>;
  /** Tokens of context the server states; null where it states none. */
  readonly context: number | null;
  /** The part of it that is no refusal's word; null, or left out, where there is none. */
  readonly statedContext?: number | null;
  /** The case after which the server did not answer any more, with the follow-ups' evidence. */
  readonly death: { readonly caseKey: string; readonly observed: string } | null;
  /** A follow-up of this case was not served, which its own check says, nor anything since. */
  readonly lost: string | null;
  /** APIs of which at least one plain request was answered. */
  readonly served: ReadonlySet<ApiId>;
  /** What counts are compared with, once it has been gathered; left out where nobody asked for references. */
  readonly references?: References;
}
