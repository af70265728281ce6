import { defaultSettings, type RunSettings } from '../config/run-settings.ts';
import type { ServerReport } from '../model/report.ts';
import type { ReferenceOptions } from '../references/options.ts';
import type { Transport } from '../wire/send.ts';
import type { Planning } from './units.ts';

/** What is run, and what runs it. */
export interface RunOptions extends RunSettings {
  /** The catalogue whose checks the report gives, where that is not the one that is run: a recording holds only its own requests. */
  readonly judgedBy?: number;
  /**
   * Requests are sent again where a later one shows the need of it. false: the recorded run that is judged did not do that,
   * so that what it would get is the answer to another request.
   */
  readonly resends?: boolean;
  /** What counts are compared with besides each other; left out: nothing, and those two checks give no result. */
  readonly reference?: ReferenceOptions;
  /** How units are ordered and narrowed; left out: the newest. A recording holds the requests of its own. */
  readonly planning?: Planning;
  readonly signal: AbortSignal;
  readonly progress: (event: Progress) => void;
  /** Told once of each server, when its plain requests are judged and more are to come: a report of what is known so far. */
  readonly soFar?: ((server: ServerReport) => void) | undefined;
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
  /** ms for which the server is waited for at most, where it does not answer yet. */
  readonly waitMs?: number;
}

/** What was left out has its default: nothing ends the run, and nobody is told how far it is. */
export function withDefaults(options: Partial<RunOptions>): RunOptions {
  return {
    ...defaultSettings(),
    signal: new AbortController().signal,
    progress: () => {},
    ...options,
  };
}
