// A server for the process tests: node server.mjs MODE PORT
import { spawn } from 'node:child_process';
import { createServer } from 'node:http';

const [mode, port] = process.argv.slice(2);
console.log(`mode ${mode}, port ${port}`);

if (mode === 'dies') {
  console.error('cannot read the model');
  process.exit(3);
}
if (mode === 'deaf') process.on('SIGTERM', () => console.log('SIGTERM ignored'));
if (mode === 'parent') {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
  console.log(`child ${child.pid}`);
}
if (mode === 'daemon') {
  // The server itself leaves the group; what was started only stays.
  const argv = [process.argv[1], 'ok', port];
  spawn(process.execPath, argv, { stdio: 'ignore', detached: true }).unref();
  setInterval(() => {}, 1000);
}
const server = createServer((request, response) => {
  if (request.url === '/die') {
    console.log('told to die');
    process.kill(process.pid, 'SIGABRT');
  }
  response.writeHead(mode === 'loading' ? 503 : 200).end(JSON.stringify({ mode, pid: process.pid }));
});
server.on('error', (error) => {
  // One kind of server dies when it cannot have its port, the other lives on without it.
  if (mode !== 'stubborn') throw error;
  console.log('living on without a port');
  setInterval(() => {}, 1000);
});
if (mode !== 'daemon') server.listen(Number(port), '127.0.0.1');
