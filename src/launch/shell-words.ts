import { LaunchError } from './errors.ts';

const operators = /[|&;<>()`$]/;

/**
 * Splits a command into words as a shell does, with quotes and backslashes; file patterns stay as they are. No shell
 * runs, so an operator or a variable outside single quotes is refused rather than passed on as text.
 *
 * @throws LaunchError for an open quote, or for something only a shell can do.
 */
export function splitWords(text: string): string[] {
  const words: string[] = [];
  let word: string | undefined;
  let quote: '"' | "'" | undefined;
  for (let i = 0; i < text.length; i += 1) {
    const character = text.charAt(i);
    if (quote === "'") {
      if (character === "'") quote = undefined;
      else word = (word ?? '') + character;
    } else if (quote === '"') {
      const next = text.charAt(i + 1);
      if (character === '"') quote = undefined;
      else if (character === '\\' && /["\\$`]/.test(next)) {
        word = (word ?? '') + next;
        i += 1;
      } else if (character === '$' || character === '`') refuse(character);
      else word = (word ?? '') + character;
    } else if (character === '"' || character === "'") {
      quote = character;
      word ??= '';
    } else if (character === '\\') {
      i += 1;
      if (i < text.length) word = (word ?? '') + text.charAt(i);
    } else if (/\s/.test(character)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else if (operators.test(character) || (character === '~' && word === undefined)) refuse(character);
    else word = (word ?? '') + character;
  }
  if (quote) throw new LaunchError(`the command has an open ${quote === '"' ? 'double' : 'single'} quote`);
  if (word !== undefined) words.push(word);
  return words;
}

function refuse(character: string): never {
  const advice = `quote it, or write sh -c '…' where "$LASTCHUNK_PORT" and the like can be used`;
  throw new LaunchError(
    `the command runs without a shell, so ${JSON.stringify(character)} means nothing: ${advice}`,
  );
}
