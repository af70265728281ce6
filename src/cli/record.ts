import { apis } from '../apis/index.ts';
import { everything } from '../plan/selection.ts';
import { Recorder } from '../replay/recorder.ts';
import { harmless } from '../report/harmless.ts';
import { checkServers } from '../run/run.ts';
import { integer, suiteOf, targetsOf } from './check-flags.ts';

export interface RecordFlags {
  readonly out: string;
  readonly model?: string;
  readonly suite: string;
  readonly seed?: string;
  readonly label?: string;
}

/** Runs the checks against one server and keeps every exchange. @returns the exit status */
export async function record(url: string, options: RecordFlags): Promise<number> {
  const recorder = new Recorder();
  const suite = suiteOf(options.suite);
  const seed =
    options.seed === undefined
      ? Math.floor(Math.random() * 0x7fffffff)
      : integer(options.seed, '--seed', 0, 0x7fffffff);
  const [target] = targetsOf([url], {
    ...(options.model === undefined ? {} : { model: options.model }),
    ...(options.label === undefined ? {} : { label: [`${options.label}=${url}`] }),
    suite,
    timeout: '120',
    wait: '0',
    concurrency: '1',
    confirm: true,
    catalogue: '1',
    format: 'table',
    color: false,
  });
  if (target === undefined) return 2;
  const report = await checkServers([target], {
    apis: [...apis.keys()],
    suite,
    seed,
    selection: everything,
    confirm: true,
    strict: false,
    timeoutMs: 120_000,
    waitMs: 0,
    concurrency: 1,
    body: {},
    caPem: null,
    signal: new AbortController().signal,
    progress: () => {},
    tapFor: (_target, request) => recorder.tap(request),
  });
  const [server] = report.servers;
  recorder.write(options.out, {
    recordedAt: report.startedAt,
    label: options.label ?? [server?.product ?? 'unknown', server?.version ?? ''].join(' ').trim(),
    model: server?.model ?? null,
    suite,
    seed,
    verdicts: Object.fromEntries(
      (server?.results ?? []).map((result) => [`${result.check} ${result.case}`, result.verdict]),
    ),
  });
  process.stdout.write(`${server?.requests ?? 0} exchanges recorded in ${harmless(options.out)}\n`);
  return 0;
}
