import type { Command } from 'commander';
import { UsageError } from '../../model/errors.ts';
import { endWith } from '../exit.ts';

export function addDemo(program: Command): void {
  program
    .command('demo')
    .description('check recorded servers, replayed on loopback')
    .option('--timing <mode>', 'real: as recorded; none: at once', 'none')
    .option('--no-color', 'no colours')
    .action(async (options: { timing: string; color: boolean }) => {
      if (options.timing !== 'real' && options.timing !== 'none') {
        throw new UsageError(`--timing ${JSON.stringify(options.timing)}: write real or none`);
      }
      const { demo } = await import('../demo.ts');
      endWith(await demo(options.timing, options.color));
    });
}
