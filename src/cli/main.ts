import { Command, CommanderError } from 'commander';
import { commands } from '../commands/index.ts';
import type { Action } from '../commands/support/action.ts';
import { complain } from '../commands/support/complain.ts';
import { UsageError } from '../model/errors.ts';
import { nearest } from '../text/did-you-mean.ts';
import { version } from '../text/version.ts';
import { ServerUrlError } from '../wire/url.ts';
import { end, endWith, statusOf, stdoutFailed } from './exit.ts';

/** All commands; what each of them takes is loaded when it is used. */
export function commandLine(): Command {
  const program = new Command('lastchunk')
    .description('Checks that LLM servers report token usage truthfully at the end of their streams.')
    .version(version, '-V, --version')
    .option('--debug', 'show stack traces')
    .exitOverride()
    .configureHelp({ subcommandTerm: (command) => `${command.name()} ${usageOf(command.name())}`.trim() })
    .configureOutput({ outputError: (text, write) => write(inOneLine(text, '')) });
  for (const { name, about } of commands)
    program
      .command(name, { isDefault: name === 'check' })
      .description(about)
      .configureOutput({ outputError: (text, write) => write(inOneLine(text, name)) });
  return program.hook('preSubcommand', async (_, command) => {
    const action = await defined(command);
    command.action(async () => endWith(await action()));
  });
}

/** Loads a command: from now on it has its arguments and flags. @returns what it does */
export async function defined(command: Command): Promise<Action> {
  const entry = commands.find(({ name }) => name === command.name());
  if (entry === undefined) throw new Error(`no command ${command.name()}`);
  return (await entry.load()).define(command);
}

/** That of commander's own `help`, too. */
const usageOf = (command: string) => commands.find(({ name }) => name === command)?.usage ?? '[command]';

/** "error: unknown option '--modle'\n(Did you mean --model?)" as all errors are told. */
function inOneLine(text: string, command: string): string {
  const said = text
    .replace(/^error: /, '')
    // The value of an option that is mistyped may be a key.
    .replace(/^(unknown option '-+[\w-]+=)[\s\S]*'/, "$1…'")
    .trim()
    .replace(/\s*\n\s*/g, ' ');
  const help = ['lastchunk', command, '--help'].filter((word) => word !== '').join(' ');
  return `lastchunk: ${said}; see ${help}\n`;
}

/** What was taken for a URL may be a command that was mistyped. */
function mistyped(error: unknown, word: string | undefined, names: readonly string[]): unknown {
  if (!(error instanceof ServerUrlError) || word === undefined) return error;
  const near = /^[a-z]+$/.test(word) ? nearest(word, names) : null;
  if (near === null || near === word) return error;
  return new UsageError(`${JSON.stringify(word)} is no command and no URL; did you mean lastchunk ${near}?`);
}

/** Runs the command line, and ends the program. */
export async function main(argv: readonly string[]): Promise<never> {
  process.stdout.on('error', stdoutFailed);
  // What can't be told on the side changes neither the report nor the status.
  process.stderr.on('error', () => undefined);
  const program = commandLine();
  try {
    await program.parseAsync(asCommand(argv));
  } catch (error) {
    if (error instanceof CommanderError) endWith(error.exitCode === 0 ? 0 : 2);
    else {
      const names = commands.map(({ name }) => name);
      complain(mistyped(error, argv[2], names));
      endWith(statusOf(error));
    }
  }
  return await end();
}

/** `lastchunk http://…` is `lastchunk check http://…`, and `help check` is `check --help`, which loads it. */
function asCommand(argv: readonly string[]): string[] {
  const [node = '', script = '', first, ...more] = argv;
  if (first !== undefined && /^[a-z][a-z0-9+.-]*:\/\//i.test(first))
    return [node, script, 'check', first, ...more];
  if (first === 'help' && commands.some(({ name }) => name === more[0]))
    return [node, script, more[0] ?? '', '--help'];
  return [...argv];
}
