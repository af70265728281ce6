/** What a product's file tells: how to recognise it and its version over HTTP, and what its maintainers call intended, and how
 * it is launched. */

import type { RecipeMaker } from '../launch/recipe.ts';
import type { JsonObject } from '../model/json.ts';

/** An optional endpoint's answer; null where it could not be had. */
export interface Looked {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly json: unknown;
  readonly text: string;
}

/** What is known of a server before its product is. */
export interface Evidence {
  /** Lower-case response headers of the model list and the first answers, merged. */
  readonly headers: Readonly<Record<string, string>>;
  /** The body of the model list; null where there is none. */
  readonly models: JsonObject | null;
  /** The entry of the model under test, where the list has one. */
  readonly model: JsonObject | null;
  /** `system_fingerprint` of an answer, where one was sent. */
  readonly fingerprint: string | null;
  /** GETs a path below the server's root (not below /v1), e.g. "/props". Bounded, never throws. */
  look(path: string): Promise<Looked | null>;
}

export interface Recognised {
  /** null: the product shows, its version does not. */
  readonly version: string | null;
  /** Where it was seen, e.g. "Server header and /props build_info". */
  readonly by: string;
  /**
   * certain: it names itself in its own answers or in an endpoint that only it has.
   * likely: the model list alone, which a proxy in between may have passed on.
   */
  readonly certainty: 'certain' | 'likely';
}

/** A break of a rule that the product's maintainers call intended; lowers a fail to a warning. */
export interface Deviation {
  readonly check: string;
  /** Glob over case ids. */
  readonly cases: string;
  /** semver range over the product's comparable version. */
  readonly versions: string;
  readonly reason: string;
  /** Where the maintainers say so. */
  readonly link: string;
}

export interface Product {
  readonly id: string;
  readonly title: string;
  readonly homepage: string;
  /** A gateway passes its upstream's headers on, so it is looked for first. */
  readonly gateway: boolean;
  /** null: not this product. Looks at what is known first, at endpoints only where that leaves a doubt. */
  recognise(evidence: Evidence): Promise<Recognised | null>;
  /** Gateways only: what of the evidence is the upstream's. */
  upstream?(evidence: Evidence): Evidence;
  /** The version as semver for ranges (llama.cpp: b1234 → 0.0.1234); null where it can't be compared. */
  comparable(version: string): string | null;
  readonly deviations: readonly Deviation[];
  /** How it is installed and started, by the name it is launched under; absent where nothing launches it by name. */
  readonly recipes?: Readonly<Record<string, RecipeMaker>>;
}
