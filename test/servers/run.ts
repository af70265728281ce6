import { apis } from '../../src/apis/index.ts';
import { everything } from '../../src/config/selection.ts';
import type { ServerTarget } from '../../src/config/server-target.ts';
import type { ApiId } from '../../src/model/api.ts';
import type { Report } from '../../src/model/report.ts';
import type { ReferenceOptions } from '../../src/references/options.ts';
import { checkServers } from '../../src/run/run.ts';
import type { Suite } from './entries.ts';

export interface SuiteOptions {
  readonly suite?: Suite | undefined;
  readonly timeoutMs?: number | undefined;
  readonly model?: string | undefined;
  readonly strict?: boolean;
  readonly apis?: readonly ApiId[];
  /** Left out: as `--reference auto` with nothing at hand. */
  readonly reference?: ReferenceOptions;
  readonly label?: ServerTarget['label'];
}

/** Checks one server as `lastchunk check` does. */
export function runSuite(url: string, options: SuiteOptions = {}): Promise<Report> {
  return checkServers(
    [
      {
        name: 'server',
        url,
        model: options.model ?? null,
        headers: {},
        label: options.label ?? null,
        profile: null,
      },
    ],
    {
      apis: options.apis ?? [...apis.keys()],
      suite: options.suite ?? 'standard',
      selection: everything,
      seed: 11,
      confirm: true,
      strict: options.strict ?? false,
      timeoutMs: options.timeoutMs ?? 10_000,
      waitMs: 0,
      concurrency: 1,
      body: {},
      caPem: null,
      reference: options.reference ?? { sources: null, tokenizer: null, serverUrl: null },
      signal: new AbortController().signal,
      progress: () => {},
    },
  );
}
