/** The library: what a program may import. */
export { checkIds } from './checks/catalogue.ts';
export { wordsOf } from './checks/words.ts';
export { tokenizerCounter } from './client/tokenizer-counter.ts';
export { everything, SelectionError, selectionOf } from './config/selection.ts';
export type { ServerTarget } from './config/server-target.ts';
export type { CheckWords, Format, Report, Result, ServerReport, Verdict } from './model/report.ts';
export type { Selection } from './model/selection.ts';
export { type Recording, readRecording } from './recordings/recording.ts';
export { RecordingError } from './recordings/recording-error.ts';
export { type ReplayOptions, type ReplayServer, startReplay } from './recordings/server.ts';
export type { ReferenceOptions } from './references/options.ts';
export { loadReporter, type Reporter } from './reporters/index.ts';
export { ModelChoiceError } from './run/discover.ts';
export type { Progress, RunOptions } from './run/options.ts';
export { type CheckOptions, check, checkServers, type Server } from './run/run.ts';
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
