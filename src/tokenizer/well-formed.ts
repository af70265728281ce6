const LONE_SURROGATE = /\p{Cs}/u;

/** A JavaScript string may hold half a character; on the wire it becomes U+FFFD. */
export function wellFormed(text: string): string {
  return LONE_SURROGATE.test(text) ? text.replace(/\p{Cs}/gu, '\uFFFD') : text;
}
