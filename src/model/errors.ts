/** What the program ends with. Decided in judge/exit-code.ts, and by the errors below. */
export const EXIT = { ok: 0, failed: 1, usage: 2, unjudged: 3, interrupted: 130 } as const;

/** The user's input is wrong: one line that names what, and says what to do. */
export class UserError extends Error {
  override readonly name: string = 'UserError';
  /** What the program ends with because of it. */
  readonly exitCode: number = EXIT.usage;
}

/** The command line is wrong: one line that says what and how to mend it. */
export class UsageError extends UserError {
  override readonly name = 'UsageError';
}

/** A config or baseline file is wrong: one line that names file, line and path, and what was expected. */
export class ConfigError extends UserError {
  override readonly name = 'ConfigError';
}
