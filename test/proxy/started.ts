import { onTestFinished } from 'vitest';
import { type ProxyOptions, type RunningProxy, startProxy } from '../../src/proxy/proxy.ts';
import { parseTarget } from '../../src/proxy/target.ts';

export interface TestProxy extends RunningProxy {
  readonly url: string;
  /** Lines of its log. */
  readonly log: string[];
}

/** A proxy in this process, on a free port, which ends with the test. */
export async function started(target: string, options: Partial<ProxyOptions> = {}): Promise<TestProxy> {
  const log: string[] = [];
  const proxy = await startProxy({
    target: parseTarget(target),
    host: '127.0.0.1',
    port: 0,
    adminPort: null,
    ledger: null,
    drainMs: 0,
    idleMs: 600_000,
    shutdownMs: 0,
    maxBodyBytes: 33_554_432,
    caPem: null,
    inject: false,
    repair: null,
    log: (line) => log.push(line),
    ...options,
  });
  onTestFinished(async () => {
    await proxy.stop();
  });
  return { ...proxy, url: `http://127.0.0.1:${proxy.port}`, log };
}
