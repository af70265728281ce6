/** What `check` says of a server it says of the proxy in front of it. */
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it, onTestFinished } from 'vitest';
import type { Report } from '../../src/model/report.ts';
import type { ProxyOptions } from '../../src/proxy/proxy.ts';
import { readRecording } from '../../src/recordings/recording.ts';
import { startReplay } from '../../src/recordings/server.ts';
import { BROKEN } from '../servers/broken.ts';
import { startServer } from '../servers/model-server.ts';
import { ODD } from '../servers/odd.ts';
import { runSuite } from '../servers/run.ts';
import { temporaryFolder } from './rows.ts';
import { started } from './started.ts';

const RECORDINGS = fileURLToPath(new URL('../../fixtures/recordings', import.meta.url));

const verdictsOf = ({ servers, exitCode }: Report) => ({
  exitCode,
  results: servers.flatMap(({ results }) =>
    results.map(({ check, case: id, verdict, class: kind }) => `${verdict} ${kind ?? ''} ${check} ${id}`),
  ),
});

const edits: Partial<ProxyOptions> = {
  inject: true,
  repair: { product: null, allowEstimates: false, tokenizer: null },
};

/** All of them with LASTCHUNK_SERVERS=whole. */
const WHOLE = process.env.LASTCHUNK_SERVERS === 'whole';
const recordings = readdirSync(RECORDINGS).filter((name) => WHOLE || /0\.3\.36$|^llama\.cpp/.test(name));

it.each(
  recordings.flatMap((name) => [
    [name, 'without flags', {}] as const,
    [name, 'with --inject --repair', edits] as const,
  ]),
)('%s, %s', { timeout: 300_000 }, async (name, _, options) => {
  const recording = readRecording(`${RECORDINGS}/${name}`);
  const check = async (through: boolean) => {
    const replay = await startReplay(recording, { timing: 'none', faults: [], port: 0 });
    onTestFinished(() => replay.close());
    const front = through ? await started(replay.url, { ...options, ledger: temporaryFolder() }) : replay;
    const { suite } = recording.head;
    return verdictsOf(await runSuite(front.url, { suite, apis: ['chat', 'completions'] }));
  };
  expect(await check(true)).toEqual(await check(false));
});

/** What a dead server is called differs: the proxy is alive. */
const others = BROKEN.filter(({ fails }) => !fails.includes('server-survives'));
const sample = [...ODD, ...others].filter((_, at) => WHOLE || at % 40 === 3);

it.each(sample)('$name', async ({ habits, model, timeoutMs }) => {
  const check = async (through: boolean) => {
    const server = await startServer(habits);
    onTestFinished(() => server.close());
    const front = through ? await started(server.url, { ledger: temporaryFolder() }) : server;
    return verdictsOf(await runSuite(front.url, { suite: 'smoke', model, timeoutMs }));
  };
  expect(await check(true)).toEqual(await check(false));
});
