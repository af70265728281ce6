import { Command, CommanderError } from 'commander';
import { UsageError } from '../model/errors.ts';
import { nearest } from '../text/did-you-mean.ts';
import { version } from '../text/version.ts';
import { ServerUrlError } from '../wire/url.ts';
import { addBisect } from './commands/bisect.ts';
import { addCheck } from './commands/check.ts';
import { addCount } from './commands/count.ts';
import { addDemo } from './commands/demo.ts';
import { addDiff } from './commands/diff.ts';
import { addExplain } from './commands/explain.ts';
import { addInit } from './commands/init.ts';
import { addList } from './commands/list.ts';
import { addMerge } from './commands/merge.ts';
import { addRecord } from './commands/record.ts';
import { addReplay } from './commands/replay.ts';
import { addUpgrade } from './commands/upgrade.ts';
import { complain, end, endWith, statusOf, stdoutFailed } from './exit.ts';

/** All commands with their flags. */
export function commandLine(): Command {
  const program = new Command('lastchunk')
    .description('Checks that LLM servers report token usage truthfully at the end of their streams.')
    .version(version, '-V, --version')
    .option('--debug', 'show stack traces')
    .exitOverride()
    .configureOutput({ outputError: (text, write) => write(inOneLine(text, '')) });
  const commands = [addCheck, addDemo, addList, addExplain, addRecord, addReplay, addCount];
  commands.push(addInit, addMerge, addDiff, addUpgrade, addBisect);
  for (const add of commands) add(program);
  for (const command of program.commands)
    command.configureOutput({ outputError: (text, write) => write(inOneLine(text, command.name())) });
  return program;
}

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
function mistyped(error: unknown, word: string | undefined, commands: readonly string[]): unknown {
  if (!(error instanceof ServerUrlError) || word === undefined) return error;
  const near = /^[a-z]+$/.test(word) ? nearest(word, commands) : null;
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
    await program.parseAsync(withDefaultCommand(argv));
  } catch (error) {
    if (error instanceof CommanderError) endWith(error.exitCode === 0 ? 0 : 2);
    else {
      const commands = program.commands.map((command) => command.name());
      complain(mistyped(error, argv[2], commands));
      endWith(statusOf(error));
    }
  }
  return await end();
}

/** `lastchunk http://…` is `lastchunk check http://…`. */
function withDefaultCommand(argv: readonly string[]): string[] {
  const [node = '', script = '', first, ...more] = argv;
  if (first !== undefined && /^[a-z][a-z0-9+.-]*:\/\//i.test(first))
    return [node, script, 'check', first, ...more];
  return [...argv];
}
