/** What is told on stderr. */
import type { BrokenOff } from '../../model/broken-off.ts';
import { EXIT } from '../../model/errors.ts';
import { harmless } from '../../text/harmless.ts';

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
