import { existsSync, writeFileSync } from 'node:fs';
import { apis } from '../apis/index.ts';
import { configText } from '../config/config-text.ts';
import { everything } from '../plan/selection.ts';
import { harmless } from '../report/harmless.ts';
import { discover } from '../run/discover.ts';
import { lookerOf } from '../run/look.ts';
import type { RunOptions } from '../run/options.ts';
import { Session } from '../run/session.ts';
import { identify } from '../servers/index.ts';
import { EXIT } from '../verdicts/exit-code.ts';
import { targetsOf } from './check-flags.ts';
import { complain, UsageError } from './exit.ts';

export interface InitFlags {
  readonly out: string;
  readonly model?: string;
  readonly apiKeyEnv?: string;
}

const LOOKING: RunOptions = {
  apis: [...apis.keys()],
  suite: 'smoke',
  selection: everything,
  seed: 0,
  confirm: false,
  strict: false,
  timeoutMs: 15_000,
  waitMs: 0,
  concurrency: 1,
  body: {},
  caPem: null,
  signal: new AbortController().signal,
  progress: () => {},
};

/** Looks at a server and writes a config file for it. @returns the exit status. @throws UsageError and its like */
export async function init(url: string, flags: InitFlags): Promise<number> {
  if (existsSync(flags.out))
    throw new UsageError(`${flags.out} is there already; choose another file with --out`);
  const [target] = targetsOf([url], {
    ...(flags.model === undefined ? {} : { model: flags.model }),
    ...(flags.apiKeyEnv === undefined ? {} : { apiKeyEnv: flags.apiKeyEnv }),
    ...{ suite: 'smoke', timeout: '15', wait: '0', concurrency: '1', catalogue: '1', format: 'table' },
    confirm: false,
    color: false,
  });
  if (target === undefined) return EXIT.usage;
  const session = new Session(target, LOOKING);
  try {
    const { models, entry } = await discover(session);
    const { halt } = session;
    if (halt !== null && halt.kind !== 'unauthorized') {
      complain(new Error(`${target.name}: ${halt.message}; nothing was written`));
      return EXIT.unjudged;
    }
    const look = lookerOf(session, () => session.halt !== null);
    const found = await identify({ headers: session.headers, models, model: entry, fingerprint: null, look });
    const text = configText(flags.out, {
      url,
      model: session.model,
      product: [found.product, found.version].filter(Boolean).join(' ') || null,
      apiKeyEnv: flags.apiKeyEnv ?? null,
      wantsKey: halt !== null,
    });
    writeFileSync(flags.out, text, { flag: 'wx' });
  } finally {
    await session.wire.close();
  }
  process.stdout.write(`${harmless(flags.out)} is written; run lastchunk check\n`);
  return EXIT.ok;
}
