/**
 * CPU of the proxy's process per chunk that passes, observed and recorded, against a bare pass-through by node:http. Same server, same
 * client, turns taken, medians. Each chunk comes by itself, as a model makes it: a server that pours has many of them read and written at
 * once, and then neither takes more than some microseconds.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { request as open } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { median } from './median.mjs';
import { withServer } from './with-server.mjs';

/** Streams at once, chunks of each, and the milliseconds from one to the next. */
const LOADS = [
  [1, 2_000, 1],
  [50, 400, 5],
  [500, 200, 25],
];
const ROUNDS = 5;
const WARM_UP = 1;

export async function proxy() {
  const folder = mkdtempSync(join(tmpdir(), 'lastchunk-bench-'));
  try {
    return await withServer(async (base) => {
      const children = { ours: await started('ours', base, folder), bare: await started('bare', base) };
      try {
        const rows = [];
        for (const load of LOADS) rows.push(await measured(children, ...load));
        return rows;
      } finally {
        for (const { child } of Object.values(children)) child.kill();
      }
    }, 1);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function started(which, ...args) {
  const child = fork(new URL('proxy-child.mjs', import.meta.url), [which, ...args]);
  const [{ port }] = await once(child, 'message');
  return { child, port };
}

async function measured(children, streams, chunks, every) {
  const used = { ours: [], bare: [] };
  for (let round = 0; round < ROUNDS + WARM_UP; round += 1) {
    for (const [which, { child, port }] of Object.entries(children)) {
      const before = await cpu(child);
      await Promise.all(Array.from({ length: streams }, () => read(port, chunks, every)));
      const after = await cpu(child);
      if (round >= WARM_UP) used[which].push((after - before) / (streams * chunks));
    }
  }
  return {
    name: `proxy, CPU per chunk, ${streams} at once`,
    measured: `${median(used.ours).toFixed(2)} µs`,
    baseline: `${median(used.bare).toFixed(2)} µs (bare pass-through)`,
    ratio: median(used.ours) / median(used.bare),
    target: 1.25,
  };
}

async function cpu(child) {
  child.send('cpu');
  const [{ cpu: used }] = await once(child, 'message');
  return used.user + used.system;
}

/** One stream to its end. */
function read(port, chunks, every) {
  const path = `/v1/chat/completions?chunks=${chunks}&every=${every}`;
  const headers = { 'content-type': 'application/json' };
  return new Promise((resolve, reject) => {
    const sent = open({ port, path, method: 'POST', headers, agent: false }, (answer) => {
      let last = '';
      answer.on('data', (bytes) => {
        last = bytes;
      });
      answer.on('end', () => (String(last).includes('[DONE]') ? resolve() : reject(new Error('cut off'))));
    });
    sent.on('error', reject);
    sent.end(JSON.stringify({ model: 'm', stream: true, stream_options: { include_usage: true } }));
  });
}
