/**
 * Wall time of a whole run against the time the same server takes for the same requests, one after another, from a bare
 * client. What the run waits on purpose (250 ms after it left a stream, so that the server sees it) is its own row.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { Agent, request } from 'undici';
import { everything } from '../build/config/selection.js';
import { checkServers } from '../build/run/run.js';
import { median } from './median.mjs';

const ROUNDS = 1;
const AFTER_LEAVING_MS = 250;

const OPTIONS = {
  apis: ['chat', 'completions'],
  suite: 'standard',
  selection: everything,
  seed: 1,
  confirm: true,
  strict: false,
  timeoutMs: 60_000,
  waitMs: 0,
  concurrency: 1,
  body: {},
  caPem: null,
  progress: () => {},
};

async function withSteadyServer(use) {
  const child = spawn(process.execPath, [new URL('steady-server.mjs', import.meta.url).pathname], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [port] = await once(child.stdout, 'data');
  try {
    return await use(`http://127.0.0.1:${Number(String(port))}`);
  } finally {
    child.kill();
  }
}

/** The same bodies in the same order, each read to its end (a stream that the run left: to its first delta). */
async function bareRun(base, sent) {
  const agent = new Agent();
  const begun = performance.now();
  for (const { path, text } of sent) {
    const leave =
      text.includes('"max_tokens":256') && text.includes('"stream":true') && text.includes('animals');
    const { body } = await request(base + path, {
      method: 'POST',
      body: text,
      headers: { 'content-type': 'application/json' },
      dispatcher: agent,
    });
    if (leave) {
      for await (const _ of body) break;
    } else await body.text();
  }
  const took = performance.now() - begun;
  await agent.close();
  return took;
}

async function round() {
  return withSteadyServer(async (base) => {
    const target = { name: 'bench', url: base, model: null, headers: {}, label: null, profile: null };
    const report = await checkServers([target], { ...OPTIONS, signal: new AbortController().signal });
    const [server] = report.servers;
    if (report.exitCode !== 0) {
      const wrong = server.results.find(({ verdict }) => verdict === 'fail' || verdict === 'error');
      throw new Error(`the run found a fault: ${wrong?.check} ${wrong?.case} ${wrong?.message}`);
    }
    const { body } = await request(`${base}/sent`);
    const sent = await body.json();
    const left = server.results.filter(({ check }) => check === 'recovers-after-abort').length;
    return {
      run: server.durationMs,
      bare: await bareRun(base, sent),
      waits: left * AFTER_LEAVING_MS,
      requests: sent.length,
    };
  });
}

export async function wallTime() {
  const rounds = [];
  for (let at = 0; at < ROUNDS; at += 1) rounds.push(await round());
  const of = (pick) => median(rounds.map(pick));
  const baseline = `${of(({ bare }) => bare).toFixed(0)} ms (bare client, ${rounds[0].requests} requests in turn)`;
  const row = (name, measured) => ({
    name,
    measured: `${measured.toFixed(0)} ms`,
    baseline,
    ratio: measured / of(({ bare }) => bare),
    target: 1.05,
  });
  return [
    row(
      'wall time of a run',
      of(({ run }) => run),
    ),
    row(
      '… without its waits on purpose',
      of(({ run, waits }) => run - waits),
    ),
  ];
}
