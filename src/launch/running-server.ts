import type { Death, ServerCommand } from './server-life.ts';

/** Where a server is to listen, and a folder of its own that goes when it is stopped. */
export interface ServerPlace {
  readonly host: string;
  readonly port: number;
  readonly scratchFolder: string;
}

export interface StartOptions {
  /** Names the server in messages and in its log file, such as `xllamacpp 0.2.7`. */
  readonly name: string;
  readonly command: (place: ServerPlace) => ServerCommand;
  readonly cacheFolder: string;
  /** Where the log file goes; default `logs` in the cache folder. */
  readonly logFolder?: string;
  /** The path that is asked until something else than 503 comes; default `/v1/models`. */
  readonly readyPath?: string;
  /** The address it listens on; default 127.0.0.1. */
  readonly host?: string;
  /** How long it may take to become ready; default 120 000 ms. */
  readonly startTimeoutMs?: number;
  /** How long it may take to end after SIGTERM; default 5 000 ms. */
  readonly stopGraceMs?: number;
  /** Its port is held by a process outside its group (a container engine, ssh): do not look who listens. */
  readonly listensOutside?: boolean;
  /** What has to be done with the ready server before it is of use, again after a restart (`ollama create`). */
  readonly afterReady?: (place: ServerPlace) => Promise<void>;
  readonly signal?: AbortSignal | undefined;
  /** Where candidates for a port come from; for tests. */
  readonly findPort?: (host: string) => Promise<number>;
}

export interface RunningServer {
  readonly name: string;
  /** `http://HOST:PORT`, without a path; a restart keeps it. */
  readonly baseUrl: string;
  readonly host: string;
  readonly port: number;
  /** The leader of the process group of the present life. */
  readonly pid: number;
  /** Everything it printed, all lives one after the other. */
  readonly logPath: string;
  /** Settles (never rejects) when the present life ends, by itself or by `stop()`. */
  readonly exited: Promise<Death>;
  /** The ends that `stop()` did not cause, in order. */
  readonly deaths: readonly Death[];
  /** At most `count` (default 20) of its last lines. */
  lastLog(count?: number): string[];
  /**
   * Starts it again on the same port, once, after it died.
   * @throws LaunchError when it was restarted before, still runs, was stopped, or does not become ready.
   */
  restart(): Promise<void>;
  /** Ends the whole process group: SIGTERM, and SIGKILL after the grace. May be called at any time, any number of times. */
  stop(): Promise<void>;
  /** Lets it run on when this process ends; from now on nobody but the user ends it. */
  release(): void;
}
