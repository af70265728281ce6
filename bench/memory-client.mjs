/**
 * `node memory-client.mjs bare|wire URL COUNTS…`: reads streams of so many chunks one after another and prints, for each,
 * the peak RSS of this process until then, in bytes.
 */
import { Agent } from 'undici';
import { chat } from '../build/apis/chat.js';
import { openWire } from '../build/wire/send.js';
import { readBare } from './bare-client.mjs';

const [which, base, ...counts] = process.argv.slice(2);
const agent = new Agent();
const wire = openWire();

async function readByWire(url) {
  const limits = { bodyBytes: 1e12, totalMs: 600_000 };
  const { reply } = await wire.send({ method: 'POST', url, body: { stream: true } }, { api: chat, limits });
  const stream = reply.body?.stream;
  if (!stream?.end) throw new Error(`no whole stream: ${JSON.stringify(reply).slice(0, 300)}`);
  return stream.events;
}

const peaks = [];
for (const count of counts) {
  const url = `${base}/?chunks=${count}`;
  const events = which === 'bare' ? await readBare(url, agent) : await readByWire(url);
  if (events < Number(count)) throw new Error(`${events} events of ${count}`);
  peaks.push(process.resourceUsage().maxRSS * 1024);
}
await Promise.all([agent.close(), wire.close()]);
console.log(JSON.stringify(peaks));
