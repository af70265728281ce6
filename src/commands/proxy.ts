import { isIPv6 } from 'node:net';
import type { Command } from 'commander';
import { pemIn } from '../config/certificates.ts';
import { integer } from '../config/flags.ts';
import { UsageError } from '../model/errors.ts';
import { productNamed, products } from '../products/index.ts';
import type { CountedProduct } from '../products/product.ts';
import type { RepairSettings } from '../proxy/proxy.ts';
import { parseTarget } from '../proxy/target.ts';
import { loadTokenizer } from '../tokenizer/index.ts';
import type { Action } from './support/action.ts';
import { complain } from './support/complain.ts';

interface ProxyFlags {
  readonly target: string;
  readonly host: string;
  readonly port: string;
  readonly adminPort?: string;
  readonly ledger?: string;
  readonly drain: string;
  readonly idleTimeout: string;
  readonly shutdownTimeout: string;
  readonly maxBody: string;
  readonly cacert?: string;
  readonly inject?: boolean;
  readonly repair?: boolean;
  readonly repairWith?: string;
  readonly allowEstimates?: boolean;
  readonly tokenizer?: string;
}

const MOST_SECONDS = 86_400;
const MOST_BODY_BYTES = 2 ** 30;

/** @throws UsageError */
function seconds(text: string, flag: string, least: number): number {
  const value = Number(text);
  if (!/^\d+(\.\d+)?$/.test(text) || value > MOST_SECONDS || value < least)
    throw new UsageError(`${flag} ${JSON.stringify(text)}: write seconds, at most a day`);
  return value * 1000;
}

/** @throws UsageError, TokenizerError */
async function repairOf(flags: ProxyFlags): Promise<RepairSettings | null> {
  const { repair = false, repairWith, allowEstimates = false, tokenizer } = flags;
  const without = [
    ...(repairWith === undefined ? [] : ['--repair-with']),
    ...(allowEstimates ? ['--allow-estimates'] : []),
    ...(tokenizer === undefined ? [] : ['--tokenizer']),
  ];
  if (!repair) {
    if (without.length > 0) throw new UsageError(`${without.join(', ')}: has no effect without --repair`);
    return null;
  }
  return {
    product: repairWith === undefined ? null : productOf(repairWith),
    allowEstimates,
    tokenizer: tokenizer === undefined ? null : await loadTokenizer(tokenizer),
  };
}

/** @throws UsageError */
function productOf(name: string): CountedProduct {
  const known = [...products.values()].flatMap(({ id, proxied }) => (proxied === undefined ? [] : [id]));
  const product = productNamed(name);
  if (product?.proxied === undefined)
    throw new UsageError(
      `--repair-with ${JSON.stringify(name)}: of its streams nothing is known that counts them; write ${known.join(', ')}`,
    );
  return product;
}

/** Runs the proxy until it is told to end. @returns 1 where answers had to be cut off */
async function proxy(flags: ProxyFlags): Promise<number> {
  const target = parseTarget(flags.target);
  const port = integer(flags.port, '--port', 0, 65_535);
  const adminPort =
    flags.adminPort === undefined ? null : integer(flags.adminPort, '--admin-port', 0, 65_535);
  if (port !== 0 && port === adminPort)
    throw new UsageError('--admin-port: choose another port than --port, whose paths are all the target’s');
  const options = {
    target,
    host: flags.host,
    port,
    adminPort,
    ledger: flags.ledger ?? null,
    drainMs: seconds(flags.drain, '--drain', 0),
    idleMs: seconds(flags.idleTimeout, '--idle-timeout', 0.001),
    shutdownMs: seconds(flags.shutdownTimeout, '--shutdown-timeout', 0),
    maxBodyBytes: integer(flags.maxBody, '--max-body', 0, MOST_BODY_BYTES),
    caPem: flags.cacert === undefined ? null : pemIn(flags.cacert),
    inject: flags.inject ?? false,
    repair: await repairOf(flags),
    log: complain,
  };
  const { startProxy } = await import('../proxy/proxy.ts');
  const asked = endAsked();
  const running = await startProxy(options);
  const host = isIPv6(flags.host) ? `[${flags.host}]` : flags.host;
  if (running.adminPort !== null) complain(`admin port: http://${host}:${running.adminPort}`);
  process.stdout.write(`lastchunk proxy: http://${host}:${running.port} -> ${target.text}\n`);
  const signal = await asked;
  complain(`${signal}: what is under way is passed on to its end, what is new is refused`);
  return (await running.stop()) ? 0 : 1;
}

/** The first signal asks for an end; a second one ends the program as it always does. */
function endAsked(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    process.once('SIGTERM', resolve);
    process.once('SIGINT', resolve);
  });
}

/** Its flags, and what it does: the proxy is loaded when it runs. */
export function define(command: Command): Action {
  command
    .requiredOption('--target <url>', 'the server that all is passed on to')
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .option('--port <n>', 'port to listen on; 0: a free one', '8787')
    .option('--admin-port <n>', 'port of /healthz, /readyz and /metrics')
    .option('--ledger <dir>', 'write a row for each request to files in this folder')
    .option('--inject', 'ask for usage in streams whose clients did not, and take it out again')
    .option('--repair', 'count where a stream was asked for usage and has none, where that can be proven')
    .option(
      '--repair-with <product>',
      'the product behind, where it does not say so itself: llama-cpp-python',
    )
    .option('--allow-estimates', 'add counts that are not proven, too, marked as estimates')
    .option(
      '--tokenizer <path>',
      'estimates come from a GGUF file, a tokenizer.json or a Hugging Face directory',
    )
    .option('--drain <seconds>', 'read an answer on for so long when its client has left', '0')
    .option('--idle-timeout <seconds>', 'how long the server may be silent', '600')
    .option('--shutdown-timeout <seconds>', 'how long answers may go on after SIGTERM', '30')
    .option('--max-body <bytes>', 'larger request bodies are passed on unread', '33554432')
    .option('--cacert <file>', 'trust this PEM certificate, too')
    .addHelpText('after', '\nThe URL is printed on stdout once it listens. See docs/proxy.md.');
  return () => proxy(command.opts<ProxyFlags>());
}
