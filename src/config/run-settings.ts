/** What says how a run is done, decided: flags, a config file and programs all come to this. */
import { apis } from '../apis/index.ts';
import { NEWEST_CATALOGUE } from '../checks/catalogue.ts';
import type { ApiId } from '../model/api.ts';
import type { JsonObject } from '../model/json.ts';
import type { FailOn } from '../model/report.ts';
import type { Selection } from '../model/selection.ts';
import type { Suite } from '../scenarios/index.ts';
import { everything } from './selection.ts';

export interface RunSettings {
  readonly apis: readonly ApiId[];
  readonly suite: Suite;
  /** Which catalogue of checks and scenarios is run; the newest where left out. */
  readonly catalogue?: number;
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
}

/** What holds where nothing is said. The seed is another each time. */
export function defaultSettings(): Required<RunSettings> {
  return {
    apis: [...apis.keys()],
    suite: 'standard',
    catalogue: NEWEST_CATALOGUE,
    selection: everything,
    seed: Math.floor(Math.random() * 0x7fffffff),
    confirm: true,
    repeat: 1,
    strict: false,
    failOn: 'fail',
    timeoutMs: 120_000,
    waitMs: 0,
    concurrency: 1,
    body: {},
    caPem: null,
  };
}
