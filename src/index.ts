/** The library: what a program may import. */
export { checkIds } from './checks/catalogue.ts';
export { wordsOf } from './checks/words.ts';
export { everything, type Selection, SelectionError, selectionOf } from './plan/selection.ts';
export type { ReferenceOptions } from './reference/options.ts';
export { type Recording, readRecording } from './replay/recording.ts';
export { RecordingError } from './replay/recording-error.ts';
export { type ReplayOptions, type ReplayServer, startReplay } from './replay/server.ts';
export type { CheckWords, Report, Result, ServerReport, Verdict } from './report/model.ts';
export { type Format, loadReporter, type Reporter } from './report/reporters.ts';
export { ModelChoiceError } from './run/discover.ts';
export type { Progress, RunOptions, ServerTarget } from './run/options.ts';
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
export { ServerUrlError } from './wire/url.ts';
