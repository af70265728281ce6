import { EXIT, UserError } from '../model/errors.ts';
import { harmless } from '../text/harmless.ts';

/** The command line is wrong: one line that says what and how to mend it. */
export class UsageError extends UserError {
  override readonly name = 'UsageError';
}

/** Errors that the user can do something about and that are no UserError yet, by class name. */
const USER_ERRORS = new Set([
  'ServerUrlError',
  'ModelChoiceError',
  'TokenizerError',
  'RecordingError',
  'VersionSpecError',
]);

/** What an error means for the exit status: the user's doing, or ours. */
export function statusOf(error: unknown): number {
  if (error instanceof UserError) return error.exitCode;
  return error instanceof Error && USER_ERRORS.has(error.name) ? EXIT.usage : EXIT.unjudged;
}

/** ENOENT and its like; what else an error says where it has none. */
export function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : String(error);
}

let stdoutBroken = false;

/** Ends the program once what was written is out; nothing else sets the status. */
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

/** One line on stderr; the stack only with --debug. */
export function complain(error: unknown): void {
  const debug = process.argv.includes('--debug');
  const message = error instanceof Error ? error.message : String(error);
  const text =
    debug && error instanceof Error ? (error.stack ?? message) : harmless(message.replace(/\s*\n\s*/g, ' '));
  process.stderr.write(`lastchunk: ${text}\n`);
}
