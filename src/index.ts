/** The library: what a program may import. */
export { checkIds } from './checks/catalogue.ts';
export { wordsOf } from './checks/words.ts';
export { everything, selectionOf } from './plan/selection.ts';
export type { ReferenceOptions } from './reference/options.ts';
export { readRecording } from './replay/recording.ts';
export { startReplay } from './replay/server.ts';
export type { Report, Result, ServerReport, Verdict } from './report/model.ts';
export { loadReporter } from './report/reporters.ts';
export type { RunOptions, ServerTarget } from './run/options.ts';
export { checkServers } from './run/run.ts';
export { runRecording } from './run/run-recording.ts';
// Loading a tokenizer loads what it needs; importing this does not.
export {
  type Chat,
  type ChatMessage,
  type EncodeOptions,
  loadTokenizer,
  type RenderOptions,
  type Tokenizer,
  TokenizerError,
} from './tokenizer/index.ts';
