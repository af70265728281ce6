// A hostile program for `upgrade --command`: node server.mjs MODE PORT PIDS_FILE
import { spawn } from 'node:child_process';
import { appendFileSync } from 'node:fs';
import { createServer } from 'node:http';

const [mode, port, pids] = process.argv.slice(2);
appendFileSync(pids, `${process.pid}\n`);
const forever = () => setInterval(() => {}, 1000);

const ignoreSignals = () => {
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.on(signal, () => {});
};
const offspring = (child, detached = false) =>
  spawn(process.execPath, [process.argv[1], child, port, pids], { stdio: 'ignore', detached }).unref();
/** Some 10 MB a second: enough to fill what is kept of it, not the disk. */
const printing = (text) => setInterval(() => process.stdout.write(text.repeat(100)), 10);

if (mode === 'deaf child') {
  ignoreSignals();
  forever();
}
if (mode === 'deaf') ignoreSignals();
if (mode === 'deaf family') {
  ignoreSignals();
  for (const detached of [false, true]) offspring('deaf child', detached);
}
if (mode === 'talkative') printing('\u001b[2J\u001b]0;owned\u0007::error::owned \u202e\n'.repeat(20));
if (mode === 'one line') printing('x'.repeat(1000));
if (mode === 'silent') forever();
if (mode === 'dies talking') {
  process.stderr.write(`${'\u001b[2J::error::owned \u202e\u0007\n'.repeat(50)}`);
  process.exit(3);
}
if (mode === 'stops reading') createServer(() => {}).listen(Number(port), '127.0.0.1');
if (mode === 'floods')
  createServer((_request, response) => {
    response.writeHead(200);
    const more = () => !response.destroyed && response.write('x'.repeat(60_000), () => setImmediate(more));
    more();
  }).listen(Number(port), '127.0.0.1');
if (['deaf', 'deaf family', 'talkative', 'one line'].includes(mode))
  createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end('{"object":"list","data":[{"id":"toy"}]}');
  }).listen(Number(port), '127.0.0.1');
