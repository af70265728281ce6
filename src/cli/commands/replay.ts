import type { Command } from 'commander';
import { faultWords } from '../../recordings/faults.ts';
import { endWith } from '../exit.ts';
import type { ReplayFlags } from '../replay.ts';
import { collectList } from './collect.ts';

export function addReplay(program: Command): void {
  program
    .command('replay')
    .description('serve a recording on loopback, with faults laid over it if you like')
    .argument('<dir>', 'folder of a recording')
    .option('--port <n>', 'port to listen on; 0: a free one', '0')
    .option('--timing <mode>', 'real: as recorded; none: at once', 'real')
    .option('--fault <name>', 'a fault in every stream; may be repeated, or a comma list', collectList)
    .addHelpText('after', `\nThe URL is printed on stdout. Faults:\n  ${faultWords.join('\n  ')}`)
    .action(async (dir: string, flags: ReplayFlags) => {
      const { replay } = await import('../replay.ts');
      endWith(await replay(dir, flags));
    });
}
