import { Command, CommanderError } from 'commander';
import { version } from '../version.ts';
import { addCheck } from './check.ts';
import { complain, endWith, statusOf, UsageError } from './exit.ts';

/** Runs the command line. Never throws; sets the exit status. */
export async function main(argv: readonly string[]): Promise<void> {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') complain(error);
  });
  const program = new Command('lastchunk')
    .description('Checks that LLM servers report token usage truthfully at the end of their streams.')
    .version(version, '-V, --version')
    .option('--debug', 'show stack traces')
    .exitOverride()
    .configureOutput({ outputError: (text, write) => write(text.replace(/^error: /, 'lastchunk: ')) })
    .showHelpAfterError('(see lastchunk --help)');
  addCheck(program);
  program
    .command('demo')
    .description('check recorded servers, replayed on loopback')
    .option('--timing <mode>', 'real: as recorded; none: at once', 'none')
    .option('--no-color', 'no colours')
    .action(async (options: { timing: string; color: boolean }) => {
      if (options.timing !== 'real' && options.timing !== 'none')
        throw new UsageError(`--timing ${JSON.stringify(options.timing)}: write real or none`);
      const { demo } = await import('./demo.ts');
      endWith(await demo(options.timing, options.color));
    });
  program
    .command('list')
    .description('list checks, cases or products')
    .argument('<what>', 'checks, cases or products')
    .action(async (what: string) => {
      const { list } = await import('./list.ts');
      process.stdout.write(list(what));
    });
  program
    .command('explain')
    .description('explain a check: its rule, source, what breaks downstream, how to mend it')
    .argument('<check>')
    .action(async (check: string) => {
      const { explain } = await import('./explain.ts');
      process.stdout.write(explain(check));
    });
  program
    .command('record')
    .description('run the checks and record what was sent and received, for replay')
    .argument('<url>')
    .requiredOption('--out <dir>', 'folder of the recording')
    .option('--model <name>', 'model to ask for')
    .option('--suite <name>', 'smoke, standard or full', 'standard')
    .option('--seed <n>', 'seed of the prompts')
    .option('--label <name>', 'product and version, e.g. "llama.cpp b11549"')
    .action(
      async (
        url: string,
        options: { out: string; model?: string; suite: string; seed?: string; label?: string },
      ) => {
        const { record } = await import('./record.ts');
        endWith(await record(url, options));
      },
    );
  try {
    await program.parseAsync(withDefaultCommand(argv));
  } catch (error) {
    if (error instanceof CommanderError) endWith(error.exitCode === 0 ? 0 : 2);
    else {
      complain(error);
      endWith(statusOf(error));
    }
  }
}

/** `lastchunk http://…` is `lastchunk check http://…`. */
function withDefaultCommand(argv: readonly string[]): string[] {
  const [node = '', script = '', first, ...more] = argv;
  if (first !== undefined && /^[a-z][a-z0-9+.-]*:\/\//i.test(first))
    return [node, script, 'check', first, ...more];
  return [...argv];
}
