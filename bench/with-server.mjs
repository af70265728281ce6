import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** Starts bench/server.mjs (with so many events a write), runs `use(baseUrl)`, ends the server. */
export async function withServer(use, eventsAWrite = 16) {
  const child = spawn(process.execPath, [new URL('server.mjs', import.meta.url).pathname], {
    env: { ...process.env, EVENTS_A_WRITE: String(eventsAWrite) },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [port] = await once(child.stdout, 'data');
  try {
    return await use(`http://127.0.0.1:${Number(String(port))}`);
  } finally {
    child.kill();
  }
}
