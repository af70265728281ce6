// A program that starts a server and comes to an end in some way: node host.js CACHE_FOLDER SERVER_SCRIPT END
// It prints the pid of the server and, for the ends by signal, waits to be signalled.
import { startServer } from '../../../src/launch/process.ts';

const [cacheFolder = '', script = '', end] = process.argv.slice(2);
const server = await startServer({
  name: 'hosted',
  command: ({ port }) => ({ argv: [process.execPath, script, 'ok', String(port)] }),
  cacheFolder,
});
if (end === 'listener') process.on('SIGTERM', () => process.exit(7));
if (end === 'once') process.once('SIGTERM', () => process.exit(7));
process.stdout.write(`${server.pid}\n`);
if (end === 'exit') process.exit(0);
if (end === 'throw') setImmediate(() => Promise.reject(new Error('uncaught')));
if (end === 'release') server.release();
