import type { Command } from 'commander';

interface CountFlags {
  readonly tokenizer: string;
  readonly text?: string;
  readonly file?: string;
  readonly messages?: string;
  readonly special?: boolean;
  readonly bos?: boolean;
  readonly ids?: boolean;
}

/** Adds `count`. The tokenizers are loaded when it runs. */
export function addCount(program: Command): void {
  program
    .command('count')
    .description('count the tokens of a text or a conversation with a local tokenizer')
    .requiredOption('--tokenizer <path>', 'a GGUF file, a tokenizer.json, or a Hugging Face directory')
    .option('--text <text>', 'the text (default: standard input, byte for byte)')
    .option('--file <file>', 'a file with the text, taken byte for byte')
    .option('--messages <file>', 'a JSON list of messages, or a request body: the chat template is applied')
    .option('--special', 'text that is a special token counts as that token')
    .option('--bos', 'count what the model adds around a text')
    .option('--ids', 'print the ids on one line instead of their number')
    .action(async (flags: CountFlags) => {
      const { runCount } = await import('../../tokenizer/count-command.ts');
      await runCount(flags, {
        stdin: process.stdin,
        out: (text) => process.stdout.write(text),
        note: (text) => process.stderr.write(`lastchunk: ${text}\n`),
      });
    });
}
