import type { Command } from 'commander';
import { EXIT } from '../model/errors.ts';
import type { CountOptions } from '../tokenizer/count-command.ts';
import type { Action } from './support/action.ts';

/** Its flags, and what it does: the tokenizers are loaded when it runs. */
export function define(command: Command): Action {
  command
    .requiredOption('--tokenizer <path>', 'a GGUF file, a tokenizer.json, or a Hugging Face directory')
    .option('--text <text>', 'the text (default: standard input, byte for byte)')
    .option('--file <file>', 'a file with the text, taken byte for byte')
    .option('--messages <file>', 'a JSON list of messages, or a request body: the chat template is applied')
    .option('--special', 'text that is a special token counts as that token')
    .option('--bos', 'count what the model adds around a text')
    .option('--ids', 'print the ids on one line instead of their number');
  return async () => {
    const { runCount } = await import('../tokenizer/count-command.ts');
    await runCount(command.opts<CountOptions>(), {
      stdin: process.stdin,
      out: (text) => process.stdout.write(text),
      note: (text) => process.stderr.write(`lastchunk: ${text}\n`),
    });
    return EXIT.ok;
  };
}
