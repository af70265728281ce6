/** Values in one whole JSON body. */
export const MAX_BODY_VALUES = 500_000;
/** Values in one event. */
export const MAX_EVENT_VALUES = 50_000;
/** Values of a JSON body that an exchange keeps. */
export const MAX_KEPT_VALUES = 2000;

/**
 * Parsing costs memory by the number of values (list items, fields), not by their bytes: `[{},{},…]` grows to twenty
 * times its size. Counts the characters that begin one; those inside strings, too, which makes it a cautious guess.
 */
export function hasMoreValues(text: string, max: number): boolean {
  // Each value takes a character at least.
  if (text.length <= max) return false;
  let values = 0;
  for (let i = 0; i < text.length; i += 1) {
    const code = text.charCodeAt(i);
    if (code === 0x2c || code === 0x5b || code === 0x7b) values += 1;
  }
  return values > max;
}
