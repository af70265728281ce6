/** A toy tokenizer: words in pieces of up to six letters, one piece for each CJK sign, emoji or punctuation mark. */
const PIECE =
  /\s?[\p{Script=Han}\p{Extended_Pictographic}]|\s?(?:(?!\p{Script=Han})[\p{L}\p{M}\p{N}]){1,6}|\s?[^\s\p{L}\p{M}\p{N}]|\s+/gu;

export function pieces(text: string): string[] {
  return text.match(PIECE) ?? [];
}

/** FNV-1a, the seed of everything that must look random and come out the same again. */
export function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) {
    value = Math.imul(value ^ text.charCodeAt(i), 0x01000193);
  }
  return value >>> 0;
}

/** Mulberry32. */
export function randomNumbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
