/**
 * Something about a tokenizer, a template or the text to count that the user can mend.
 * The message is one line that names the file and says what to do.
 */
export class TokenizerError extends Error {
  override readonly name = 'TokenizerError';

  /**
   * @param file the path as the user gave it
   * @param problem what is wrong and what to do about it, without the path
   */
  constructor(file: string, problem: string, options?: ErrorOptions) {
    super(`${file}: ${onOneLine(problem)}`, options);
  }
}

/** Something about the messages or the tools to count; the tokenizer is not to blame. */
export class MessagesError extends TokenizerError {
  readonly problem: string;

  constructor(file: string, problem: string, options?: ErrorOptions) {
    super(file, problem, options);
    this.problem = problem;
  }
}

/** Text from a hostile file may hold line breaks and terminal escapes; a message must not. */
function onOneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ').slice(0, 500);
}
