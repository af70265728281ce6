/**
 * A proxy in a process of its own: `ours TARGET FOLDER`, which observes and writes a ledger, or `bare TARGET`, the least that
 * passes a stream on with the same library. Sends its port; to any message it sends the CPU it used, and its peak memory.
 */
import { createServer, request as open } from 'node:http';

const [which, target, folder] = process.argv.slice(2);

async function ours() {
  const { startProxy } = await import('../build/proxy/proxy.js');
  const { parseTarget } = await import('../build/proxy/target.js');
  const { port } = await startProxy({
    target: parseTarget(target),
    host: '127.0.0.1',
    port: 0,
    adminPort: null,
    ledger: folder,
    drainMs: 0,
    idleMs: 600_000,
    shutdownMs: 0,
    maxBodyBytes: 33_554_432,
    caPem: null,
    inject: false,
    repair: null,
    log: console.error,
  });
  return port;
}

function bare() {
  const { hostname, port } = new URL(target);
  const server = createServer((request, response) => {
    const { method, url, rawHeaders } = request;
    const sent = open({ hostname, port, method, path: url, headers: rawHeaders, agent: false }, (answer) => {
      response.writeHead(answer.statusCode, answer.headers);
      answer.pipe(response);
    });
    request.pipe(sent);
  });
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve(server.address().port));
  });
}

process.on('message', () => {
  process.send({ cpu: process.cpuUsage(), peak: process.resourceUsage().maxRSS });
});
process.send({ port: await (which === 'ours' ? ours() : bare()) });
