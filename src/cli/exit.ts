import { complain } from '../commands/support/complain.ts';
import { EXIT, UserError } from '../model/errors.ts';
import { TokenizerError } from '../tokenizer/index.ts';

/** What an error means for the exit status: the user's doing, or ours. */
export function statusOf(error: unknown): number {
  if (error instanceof UserError) return error.exitCode;
  // The tokenizer knows nothing of this program, nor of its exit codes.
  return error instanceof TokenizerError ? EXIT.usage : EXIT.unjudged;
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
