/** A line of the ledger. The names of its fields are read by other people's scripts: they are added to, never renamed. */
import type { JsonObject } from '../model/json.ts';

/** How an answer ended. */
export type RowEnd =
  | 'complete'
  | 'client-left'
  | 'upstream-cut'
  | 'upstream-timeout'
  | 'upstream-unreachable'
  | 'proxy-stopped';

export interface LedgerRow {
  readonly v: 1;
  readonly id: string;
  /** When the request came: ISO 8601, UTC. */
  readonly time: string;
  readonly durationMs: number;
  /** To the first byte of the answer's body. */
  readonly firstByteMs: number | null;
  readonly api: string;
  /** Without the query. */
  readonly path: string;
  readonly model: string | null;
  readonly tenant: string | null;
  /** What the client got. */
  readonly status: number | null;
  readonly stream: boolean;
  /** The client asked for usage. */
  readonly asked: boolean;
  /** The proxy asked for it. */
  readonly injected: boolean;
  readonly responseId: string | null;
  readonly finish: readonly string[];
  /** The usage as the server said it, numbers only; null: it said none. */
  readonly reported: JsonObject | null;
  /** What was counted where the server said none. */
  readonly counted: JsonObject | null;
  /** Ids of checks. */
  readonly problems: readonly string[];
  /** Of the answer's body, as they came from the server. */
  readonly bytes: number;
  readonly chunks: number;
  /** For its turn. */
  readonly waitMs: number;
  readonly end: RowEnd;
}
