import type { BrokenOff } from '../model/broken-off.ts';
import { EXIT, UserError } from '../model/errors.ts';
import { harmless } from '../text/harmless.ts';
import { TokenizerError } from '../tokenizer/index.ts';

/** What an error means for the exit status: the user's doing, or ours. */
export function statusOf(error: unknown): number {
  if (error instanceof UserError) return error.exitCode;
  // The tokenizer knows nothing of this program, nor of its exit codes.
  return error instanceof TokenizerError ? EXIT.usage : EXIT.unjudged;
}

/** ENOENT and its like; what else an error says where it has none. */
export function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : String(error);
}

/** The status of what was broken off and has no report that says it; that the time was over is told. */
export function endedEarly(why: BrokenOff): number {
  if (why.kind === 'interrupted') return EXIT.interrupted;
  complain(new Error(why.message));
  return EXIT.unjudged;
}

let stdoutBroken = false;

/** Nothing else sets the status that the program ends with. */
export function endWith(status: number): void {
  process.exitCode = status === EXIT.ok && stdoutBroken ? EXIT.unjudged : status;
}

/** What is printed is an output, too: it may be told only after the status was set. */
export function stdoutFailed(error: NodeJS.ErrnoException): void {
  // A reader that has seen enough is no fault.
  if (error.code === 'EPIPE') return;
  if (!stdoutBroken)
    complain(new Error(`what is printed could not be written (${error.code ?? error.message})`));
  stdoutBroken = true;
  endWith(typeof process.exitCode === 'number' ? process.exitCode : EXIT.ok);
}

/** Ends the program when what was written is out, whatever is still open: it has told all there is to tell. */
export async function end(): Promise<never> {
  await Promise.all([process.stdout, process.stderr].map(flushed));
  process.exit();
}

/** Resolves when a stream has handed over all it was given, or can't. */
function flushed(stream: NodeJS.WriteStream): Promise<void> {
  return new Promise((resolve) => stream.write('', () => resolve()));
}

let asWritten = (message: string): string => message;

/** From now on, complaints go through this: it takes out what the config file has from the environment. */
export function complainAsWritten(shown: (message: string) => string): void {
  asWritten = shown;
}

/** A path as a complaint shows it. */
export function shownAsWritten(path: string): string {
  return asWritten(path);
}

/** Where it was thrown: the lines of its stack that follow the message, which may have any lines in it. */
function framesOf({ message, stack = '' }: Error): string {
  const at = stack.indexOf(message);
  const frames = stack.slice(at < 0 ? 0 : at + message.length).split('\n');
  return frames
    .filter((line) => /^\s+at /.test(line))
    .map((line) => `\n${harmless(line)}`)
    .join('');
}

/** One line on stderr; the stack only with --debug. */
export function complain(error: unknown): void {
  const debug = process.argv.includes('--debug');
  const message = error instanceof Error ? error.message : String(error);
  const inOneLine = harmless(asWritten(message).replace(/\s*\n\s*/g, ' '));
  const text = debug && error instanceof Error ? `${error.name}: ${inOneLine}${framesOf(error)}` : inOneLine;
  process.stderr.write(`lastchunk: ${text}\n`);
}
