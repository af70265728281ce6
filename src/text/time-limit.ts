import { type Context, createContext, Script } from 'node:vm';

const script = new Script('run()');
let context: Context | undefined;

/**
 * Runs code that depends on an untrusted file, and stops it when it takes too long; only V8 itself can interrupt an
 * endless loop.
 *
 * @returns what `work` returned, or undefined when it was stopped
 */
export function withinTime<T>(ms: number, work: () => T): { readonly value: T } | undefined {
  let outcome: { readonly value: T } | undefined;
  context ??= createContext();
  context.run = () => {
    outcome = { value: work() };
  };
  try {
    script.runInContext(context, { timeout: ms });
    return outcome;
  } catch (error) {
    if (isTimeOut(error)) return undefined;
    throw error;
  }
}

/** The error is made in the context, and so is no `Error` of ours. */
function isTimeOut(error: unknown): boolean {
  return (
    typeof error === 'object' &&
    error !== null &&
    'code' in error &&
    error.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT'
  );
}
