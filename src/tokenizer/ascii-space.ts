/** The white space of the C locale, which is all that llama.cpp trims. (No pattern: `\s+$` takes quadratic time.) */
function isSpace(code: number): boolean {
  return code === 0x20 || (code >= 0x09 && code <= 0x0d);
}

/** A text without the white space it begins with. */
export function withoutSpaceAtStart(text: string): string {
  let start = 0;
  while (start < text.length && isSpace(text.charCodeAt(start))) start += 1;
  return text.slice(start);
}

/** A text without the white space it ends with. */
export function withoutSpaceAtEnd(text: string): string {
  let end = text.length;
  while (end > 0 && isSpace(text.charCodeAt(end - 1))) end -= 1;
  return text.slice(0, end);
}
