/**
 * CPU of this process per streamed chunk: lastchunk's wire (framing, folding, limits, timers) against the least a client
 * can do with the same libraries: undici + TextDecoder + eventsource-parser + JSON.parse. Same bytes, same server,
 * turns taken, medians.
 */
import { Agent } from 'undici';
import { chat } from '../build/apis/chat.js';
import { openWire } from '../build/wire/send.js';
import { readBare } from './bare-client.mjs';
import { median } from './median.mjs';
import { withServer } from './with-server.mjs';

const CHUNKS = 40_000;
const ROUNDS = 15;
const WARM_UP = 3;

/** CPU µs (user and system) that `run` takes. */
async function cpu(run) {
  globalThis.gc?.();
  const before = process.cpuUsage();
  await run();
  const used = process.cpuUsage(before);
  return used.user + used.system;
}

/** Once as a busy server sends them (16 events a write), once one by one (each an HTTP chunk of its own). */
export async function cpuPerChunk() {
  return [await measured(16), await measured(1)];
}

function measured(eventsAWrite) {
  return withServer(async (base) => {
    const url = `${base}/?chunks=${CHUNKS}`;
    const agent = new Agent();
    const wire = openWire();
    const ours = [];
    const theirs = [];
    for (let round = 0; round < ROUNDS + WARM_UP; round += 1) {
      let seen = 0;
      const theirCpu = await cpu(async () => {
        seen = await readBare(url, agent);
      });
      const ourCpu = await cpu(() => readByWire(wire, url, seen));
      if (round < WARM_UP) continue;
      ours.push(ourCpu / CHUNKS);
      theirs.push(theirCpu / CHUNKS);
    }
    await Promise.all([agent.close(), wire.close()]);
    return {
      name: `CPU per chunk, ${eventsAWrite} a write`,
      measured: `${median(ours).toFixed(2)} µs`,
      baseline: `${median(theirs).toFixed(2)} µs (bare client)`,
      ratio: median(ours) / median(theirs),
      target: 1.3,
    };
  }, eventsAWrite);
}

async function readByWire(wire, url, expected) {
  const sent = { method: 'POST', url, body: { stream: true } };
  const { reply } = await wire.send(sent, { api: chat, limits: { bodyBytes: 1e9 } });
  if (reply.body?.stream?.events === expected) return;
  throw new Error(`not the same events: ${JSON.stringify(reply).slice(0, 300)}`);
}
