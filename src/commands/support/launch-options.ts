import type { Command } from 'commander';
import { collect } from './collect.ts';

/** The options of commands that launch servers. */
export function addLaunchOptions(command: Command): Command {
  return command
    .option('--model <path>', 'model file or folder that the server is started with')
    .option(
      '--command <template>',
      'starts any server: {port} {version} {model} {host} {upstream} are filled in',
    )
    .option('--binary <path>', 'program of a product that is not installed by pip; {version} is filled in')
    .option('--args <words>', "added to the server's own arguments")
    .option('--served-model <name>', 'model to ask for, where the server lists several')
    .option('--context <tokens>', 'context the server is started with (default: 2048)')
    .option('--pre', 'pre-releases, too')
    .option('--suite <name>', 'smoke, standard or full', 'standard')
    .option('--seed <n>', 'seed of the prompts')
    .option('--timeout <seconds>', 'one request as a whole', '120')
    .option(
      '--max-duration <seconds>',
      'the whole run (also 30s, 20m); what was not measured by then is an error',
    )
    .option('--start-timeout <seconds>', 'until a server is ready (default: 120, vLLM 600)')
    .option('--upstream <server>', 'what a gateway is put in front of: a URL, or PRODUCT@VERSION to launch')
    .option('--no-confirm', 'do not ask again what failed')
    .option('--header <line>', '"Name: value", sent with each request; may be repeated', collect)
    .option('--body <json>', 'fields merged into each request')
    .option('--api-key-env <name>', 'environment variable with the API key of the server, or of the upstream')
    .option('--reference <sources>', 'what counts are compared with', 'auto')
    .option('--tokenizer <path>', 'GGUF file or Hugging Face tokenizer of the model, to count with');
}
