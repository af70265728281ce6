/** Every command by name; its module is loaded when it is used. */
import type { Command } from 'commander';
import type { Action } from './support/action.ts';

export interface CommandEntry {
  readonly name: string;
  /** What follows the name in the list of commands. */
  readonly usage: string;
  /** In one line. */
  readonly about: string;
  /** Adds its arguments and flags to the command, and gives what it does. */
  readonly load: () => Promise<{ define(command: Command): Action }>;
}

export const commands: readonly CommandEntry[] = [
  {
    name: 'check',
    usage: '[options] [url...]',
    about: 'check one or more servers and print the table per server version',
    load: () => import('./check.ts'),
  },
  {
    name: 'demo',
    usage: '[options]',
    about: 'check recorded servers, replayed on loopback',
    load: () => import('./demo.ts'),
  },
  {
    name: 'list',
    usage: '[options] <what>',
    about: 'list checks, cases or products',
    load: () => import('./list.ts'),
  },
  {
    name: 'explain',
    usage: '[options] <check>',
    about:
      'explain a check (what breaks downstream, how to mend it, its rule), a case, or a mark of the table',
    load: () => import('./explain.ts'),
  },
  {
    name: 'record',
    usage: '[options] <url>',
    about: 'run the checks and record what was sent and received, for replay',
    load: () => import('./record.ts'),
  },
  {
    name: 'replay',
    usage: '[options] <dir>',
    about: 'serve a recording on loopback, with faults laid over it if you like',
    load: () => import('./replay.ts'),
  },
  {
    name: 'count',
    usage: '[options]',
    about: 'count the tokens of a text or a conversation with a local tokenizer',
    load: () => import('./count.ts'),
  },
  {
    name: 'init',
    usage: '[options] <url>',
    about: 'look at a server and write a commented lastchunk.yaml for it',
    load: () => import('./init.ts'),
  },
  {
    name: 'merge',
    usage: '[options] <report...>',
    about: 'make one report, with one exit code, of the JSON reports of all shards',
    load: () => import('./merge.ts'),
  },
  {
    name: 'diff',
    usage: '[options] <a> <b>',
    about: 'what changed from one JSON report to another; exit 1 where something fails that did not',
    load: () => import('./diff.ts'),
  },
  {
    name: 'matrix',
    usage: '[options] <report...>',
    about: 'one table of many versions, with the range of versions that have each fault; keeps records',
    load: () => import('./matrix.ts'),
  },
  {
    name: 'upgrade',
    usage: '[options] <product>',
    about: 'install versions of a server, check each, and say what the upgrade breaks and fixes',
    load: () => import('./upgrade.ts'),
  },
  {
    name: 'bisect',
    usage: '[options] <product>',
    about: 'find the first version in which a check fails',
    load: () => import('./bisect.ts'),
  },
  {
    name: 'proxy',
    usage: '[options]',
    about: 'pass requests on to a server, and record what its answers say of usage',
    load: () => import('./proxy.ts'),
  },
  {
    name: 'ledger',
    usage: '[options] <dir>',
    about: 'sum up what the proxy recorded: usage as reported and as counted, what is missing, what is wrong',
    load: () => import('./ledger.ts'),
  },
  {
    name: 'cache',
    usage: '[options]',
    about: 'show the folder that upgrade and bisect keep installed versions in, or empty it',
    load: () => import('./cache.ts'),
  },
];
