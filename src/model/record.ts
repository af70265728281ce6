/**
 * What is kept of a measured server version: small enough for hundreds to lie in a repository, and all that a table of
 * versions needs.
 */
import type { Halt } from './report.ts';

interface RecordedServer {
  /** As it was launched, `xllamacpp`; of a server that ran already, as it was identified. */
  readonly product: string;
  readonly version: string;
}

/** Ways of asking. Requests with tools stand apart: whether usage is true with tools is a question of its own. */
export const parts = ['stream', 'nonstream', 'stream-tools', 'nonstream-tools'] as const;
export type Part = (typeof parts)[number];

/** Cases of a check by how they came out: the number that passed, where all judged ones did. */
export type Tally = number | BrokenTally;

interface BrokenTally {
  readonly pass?: number;
  /** By class. */
  readonly fail?: Readonly<Record<string, number>>;
  readonly warn?: Readonly<Record<string, number>>;
  /** Could not be judged. */
  readonly error?: number;
}

/** By check. What was skipped only is left out. */
export type Tallies = Readonly<Record<string, Tally>>;

/** How a fault showed: one case of it. */
export interface RecordedFault {
  readonly check: string;
  readonly class: string;
  readonly case: string;
  readonly expected: string;
  readonly observed: string;
  /** The last frame that matters, or the body, cut. */
  readonly frame?: { readonly event?: string; readonly data: string };
  /** Repeats the request; left out where it is long. */
  readonly curl?: string;
}

/** A way of failing, or of being warned about, that showed in few scenarios. */
export interface Narrow {
  readonly check: string;
  readonly class: string;
  readonly api: string;
  readonly mode: 'stream' | 'nonstream';
  readonly scenarios: readonly string[];
}

interface RecordHead extends RecordedServer {
  readonly kind: 'lastchunk-record';
  readonly schemaVersion: 1;
  /** What a gateway stood in front of. */
  readonly upstream?: RecordedServer;
  readonly measured: {
    /** ISO 8601 */
    readonly at: string;
    /** Version of lastchunk. */
    readonly tool: string;
    readonly catalogue: number;
    readonly suite: string;
    readonly seed: number;
  };
  /** The command that starts it again, word by word. */
  readonly started?: readonly string[];
}

export interface MeasuredRecord extends RecordHead {
  readonly state: 'measured';
  /** What it says of itself. */
  readonly identified: { readonly product: string | null; readonly version: string | null };
  /** Name of the model, without its folder. */
  readonly model: string | null;
  readonly requests: number;
  /** Wall time, whole seconds. */
  readonly seconds: number;
  /** Why its run ended early. */
  readonly halt?: Pick<Halt, 'kind' | 'message' | 'case'>;
  readonly notServed: readonly string[];
  /**
   * By API and mode: scenarios in which anything was judged. What was seen in some of them only holds in another version only
   * where one of these was judged.
   */
  readonly judged?: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
  /** What is broken in few scenarios, and in which. */
  readonly narrow?: readonly Narrow[];
  /** By API, then by part. */
  readonly results: Readonly<Record<string, Readonly<Partial<Record<Part, Tallies>>>>>;
  /** One at least for each check and class that fails; as many as there is room for, one for each API. */
  readonly faults: readonly RecordedFault[];
}

/** A version that could not be installed, started or reached. */
export interface UnavailableRecord extends RecordHead {
  readonly state: 'unavailable';
  readonly reason: string;
}

export type VersionRecord = MeasuredRecord | UnavailableRecord;

/** What is known of faults of a product beside what was measured. */
export interface FaultNotes {
  readonly kind: 'lastchunk-faults';
  readonly schemaVersion: 1;
  readonly product: string;
  /** Product a gateway stood in front of. */
  readonly upstream?: string;
  readonly faults: readonly FaultNote[];
}

export interface FaultNote {
  readonly check: string;
  /** Any, where left out. */
  readonly class?: string;
  /** Any, where left out. */
  readonly apis?: readonly string[];
  /** Repeated without lastchunk. */
  readonly byHand?: {
    readonly version: string;
    /** `2026-11-26` */
    readonly on: string;
    readonly command: string;
    /** Of what came, the lines that show it. */
    readonly lines: readonly string[];
    /** What the lines show, where they do not speak for themselves. */
    readonly shows?: string;
  };
  /** Where it is reported to the project; null: looked for on that day, and not found. */
  readonly report?:
    | { readonly link: string; readonly title: string; readonly state: 'open' | 'closed' | 'merged' }
    | { readonly link: null; readonly searched: string };
}

/** Neighbours among the measured versions of a product. */
export interface Run {
  readonly from: string;
  readonly to: string;
  readonly versions: number;
}

/** What measuring found out about the faults of products: what `explain` and advice say of other versions. */
export interface Observed {
  readonly subjects: readonly ObservedSubject[];
}

export interface ObservedSubject {
  /** Id of the product as it is recognised: `llama.cpp`. */
  readonly product: string;
  /** As it was launched: `xllamacpp`. */
  readonly launched: string;
  /** What a gateway stood in front of. */
  readonly upstream?: string;
  /** Those measured, the oldest first. */
  readonly versions: readonly string[];
  readonly faults: readonly ObservedFault[];
}

export interface ObservedFault {
  readonly check: string;
  readonly class: string;
  readonly apis: readonly string[];
  readonly fails: readonly Run[];
  readonly holds: readonly Run[];
}
