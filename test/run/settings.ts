import { apis } from '../../src/apis/index.ts';
import { everything } from '../../src/config/selection.ts';
import type { ServerTarget } from '../../src/config/server-target.ts';
import type { RunOptions } from '../../src/run/options.ts';

/** A quick run: what a test is about it says itself. */
export const SETTINGS: RunOptions = {
  apis: [...apis.keys()],
  suite: 'smoke',
  selection: everything,
  seed: 11,
  confirm: true,
  strict: false,
  timeoutMs: 10_000,
  waitMs: 0,
  concurrency: 1,
  body: {},
  caPem: null,
  signal: new AbortController().signal,
  progress: () => {},
};

export const targetAt = (url: string, more: Partial<ServerTarget> = {}): ServerTarget => ({
  name: 'server',
  url,
  model: null,
  headers: {},
  label: null,
  profile: null,
  ...more,
});
