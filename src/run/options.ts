import type { Selection } from '../config/selection.ts';
import type { ApiId } from '../model/api.ts';
import type { JsonObject } from '../model/json.ts';
import type { FailOn } from '../model/report.ts';
import type { ReferenceOptions } from '../references/options.ts';
import type { Suite } from '../scenarios/index.ts';
import type { Transport } from '../wire/send.ts';

/** One server to check, as flags or a config file give it. */
export interface ServerTarget {
  readonly name: string;
  readonly url: string;
  readonly model: string | null;
  readonly headers: Readonly<Record<string, string>>;
  /** "my-server 1.4": product and version as the user names them. */
  readonly label: { readonly product: string; readonly version: string | null } | null;
  /** Product whose accepted deviations hold, "openai" for none; null: the product found. */
  readonly profile: string | null;
  /** What its counts are compared with, where that is not what the run says; null: nothing. */
  readonly reference?: ReferenceOptions | null;
}

export interface RunOptions {
  readonly apis: readonly ApiId[];
  readonly suite: Suite;
  /** Which catalogue of checks and scenarios is run; the newest where left out. */
  readonly catalogue?: number;
  /** The catalogue whose checks the report gives, where that is not the one that is run: a recording holds only its own requests. */
  readonly judgedBy?: number;
  readonly selection: Selection;
  readonly seed: number;
  readonly confirm: boolean;
  /** How often the suite is run; once where left out. */
  readonly repeat?: number;
  readonly strict: boolean;
  /** Left out: fails only. */
  readonly failOn?: FailOn;
  /** ms for one request as a whole. */
  readonly timeoutMs: number;
  /** ms to wait for a server that has just been started. */
  readonly waitMs: number;
  /** Requests to one server at a time. */
  readonly concurrency: number;
  /** Merged into each request. */
  readonly body: JsonObject;
  readonly caPem: string | null;
  /** What counts are compared with besides each other; left out: nothing, and those two checks give no result. */
  readonly reference?: ReferenceOptions;
  readonly signal: AbortSignal;
  readonly progress: (event: Progress) => void;
  /** The flag by which a user names the model; default --model. */
  readonly modelFlag?: string;
  /** Restarts a server that died; gives how it died, and whether it is up again. Left out: it cannot be restarted. */
  readonly revive?: () => Promise<{ readonly how: string; readonly alive: boolean }>;
  /** Where requests go; left out: over the network. */
  readonly transport?: Transport;
}

export interface Progress {
  readonly server: string;
  readonly done: number;
  readonly of: number;
  readonly doing: string;
}
