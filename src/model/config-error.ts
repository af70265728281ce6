/** A config or baseline file is wrong: one line that names file, line and path, and what was expected. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}
