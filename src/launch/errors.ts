/**
 * Something about installing or starting a server went wrong in a way a user can act on.
 *
 * `message` is one line, fit to be printed as it is; `details` holds the program's own last lines (not made harmless:
 * a server or an installer wrote them), `logPath` the file with everything.
 */
export class LaunchError extends Error {
  override readonly name: string = 'LaunchError';
  readonly details: readonly string[];
  readonly logPath: string | undefined;

  constructor(
    message: string,
    more: { details?: readonly string[]; logPath?: string; cause?: unknown } = {},
  ) {
    super(message, more.cause === undefined ? undefined : { cause: more.cause });
    this.details = more.details ?? [];
    this.logPath = more.logPath;
  }
}

/** How many of the last log lines are shown: Node's own frames below an error would else push the error out. */
export const SHOWN_LINES = 12;

/** The operating system's word for what failed (`ENOENT` …), if `error` is one of its errors. */
export function systemErrorCode(error: unknown): string | undefined {
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') return error.code;
  return undefined;
}
