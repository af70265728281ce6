/** Attacks as data: what a hostile server does, and what must hold for a run against it. */
import { expect, it, onTestFinished } from 'vitest';
import { apis } from '../../src/apis/index.ts';
import { selectionOf } from '../../src/config/selection.ts';
import type { Report } from '../../src/model/report.ts';
import { checkServers } from '../../src/run/run.ts';
import type { Transport } from '../../src/wire/send.ts';
import { SETTINGS, targetAt } from '../run/settings.ts';
import type { CheckId } from '../servers/check-ids.ts';
import type { Habits } from '../servers/habits.ts';
import { startServer } from '../servers/model-server.ts';
import { expectHarmless, type Rendered, renderedIn } from './outputs.ts';
import { WHOLE } from './whole.ts';

export interface Attack {
  readonly name: string;
  readonly habits: Habits;
  /** How the run must end. */
  readonly code: 0 | 1 | 3;
  /** The checks that accuse the server, and rightly: these and no others. Left out: none. */
  readonly fails?: readonly CheckId[];
  /** True where streams carry usage that can be read: else no check of usage may pass in one. */
  readonly usage?: true;
  /** ms for one request; most attacks are over long before. */
  readonly timeoutMs?: number;
}

/**
 * ms for one request to what never ends. The whole zoo waits until the bounds of size are met; else
 * the time-out comes first where the machine is slow, and what must hold is the same.
 */
export const PATIENCE_MS: number = WHOLE ? 5000 : 150;

/** Sent with every request of every attack: it must be in no output. */
export const KEY = 'sk-zoo/0123456789+aardvark';

/** One answer of each mode: an attack shows in the first, and the others would take their time. */
const ENOUGH = ['chat/stream/asked/text', 'chat/nonstream/-/text'];

/** No run takes so long, whatever the server does: the tester would hang. */
const LONGEST_MS = 20_000;

export interface Survived {
  readonly report: Report;
  readonly rendered: Rendered;
}

export interface RunUnderAttack {
  readonly timeoutMs?: number | undefined;
  readonly headers?: Readonly<Record<string, string>>;
  readonly transport?: Transport;
}

/** Checks a hostile server in the chat API, as `lastchunk check` does, and renders every output. */
export async function underAttack(
  url: string,
  { timeoutMs = 5000, headers = {}, transport }: RunUnderAttack = {},
): Promise<Survived> {
  const authorization = `Bearer ${KEY}`;
  const report = await checkServers([targetAt(url, { headers: { authorization, ...headers } })], {
    ...SETTINGS,
    apis: [...apis.keys()].filter((api) => api === 'chat'),
    selection: selectionOf(ENOUGH, []),
    confirm: false,
    timeoutMs,
    ...(transport === undefined ? {} : { transport }),
  });
  return { report, rendered: await renderedIn(report) };
}

/** The server of an attack for the length of a test. */
export async function hostileServer(habits: Habits): Promise<string> {
  const server = await startServer(habits);
  onTestFinished(() => server.close());
  return server.url;
}

/** One test for each attack. */
export function survives(attacks: readonly Attack[]): void {
  it.each(attacks)('$name', async ({ habits, timeoutMs, code, fails = [], usage }) => {
    const begun = performance.now();
    const { report, rendered } = await underAttack(await hostileServer(habits), { timeoutMs });
    expect(performance.now() - begun).toBeLessThan(LONGEST_MS);
    expectHarmless(rendered, [KEY]);
    const { results } = report.servers[0] ?? { results: [] };
    const accusing = results.filter(({ verdict }) => verdict === 'fail').map(({ check }) => check);
    expect([...new Set(accusing)].sort(), 'what fails').toEqual([...fails].sort());
    const passes = results.filter(
      ({ verdict, check, case: of }) =>
        verdict === 'pass' && check.startsWith('usage-') && of.includes('/stream/'),
    );
    if (usage !== true) expect(passes.map(({ check }) => check).filter(tellsOfUsage)).toEqual([]);
    expect(report.exitCode).toBe(code);
  });
}

/** Passes where usage came only. */
const tellsOfUsage = (check: string) => !['usage-unrequested', 'usage-null-before'].includes(check);
