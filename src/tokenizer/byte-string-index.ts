import type { PackedStrings } from './packed-strings.ts';

const FNV_OFFSET = 0x811c9dc5 | 0;
const FNV_PRIME = 0x01000193;
const SPACE = 0x20;
const EMPTY_SLOT = -1;

/**
 * Finds the number of a byte string. A hash table over the packed strings themselves, since one made of JavaScript
 * strings takes seconds to fill for a large vocabulary, and a plain object inherits `constructor`.
 */
export class ByteStringIndex {
  readonly #strings: PackedStrings;
  readonly #hashes: Int32Array;
  readonly #slots: Int32Array;
  readonly #mask: number;

  /**
   * @param strings cut short in place at their first zero byte, where llama.cpp sees them end; then an empty one
   *   is left out
   * @param onRepeat called with the number of a string that is there already; the first one stays
   */
  constructor(strings: PackedStrings, onRepeat: (index: number, first: number) => void) {
    this.#strings = strings;
    this.#hashes = new Int32Array(strings.count);
    let slots = 16;
    while (slots < strings.count * 1.5) slots *= 2;
    this.#slots = new Int32Array(slots).fill(EMPTY_SLOT);
    this.#mask = slots - 1;
    this.#hashAll();
    this.#fill(onRepeat);
  }

  #hashAll(): void {
    const { bytes, starts, ends, count } = this.#strings;
    const hashes = this.#hashes;
    for (let index = 0; index < count; index += 1) {
      const end = ends[index] ?? 0;
      let hash = FNV_OFFSET;
      let at = starts[index] ?? 0;
      for (; at < end; at += 1) {
        const byte = bytes[at] ?? 0;
        if (byte === 0) break;
        hash = Math.imul(hash ^ byte, FNV_PRIME);
      }
      if (at < end) ends[index] = at;
      hashes[index] = hash;
    }
  }

  /** A loop of its own: the memory it waits for can then be fetched for several strings at once. */
  #fill(onRepeat: (index: number, first: number) => void): void {
    const { bytes, starts, ends, count } = this.#strings;
    const hashes = this.#hashes;
    const slots = this.#slots;
    const mask = this.#mask;
    for (let index = 0; index < count; index += 1) {
      const hash = hashes[index] ?? 0;
      let slot = spread(hash) & mask;
      let other = slots[slot] ?? EMPTY_SLOT;
      if (other !== EMPTY_SLOT) {
        const start = starts[index] ?? 0;
        const end = ends[index] ?? 0;
        while (other !== EMPTY_SLOT) {
          const from = starts[other] ?? 0;
          const same = hashes[other] === hash && (ends[other] ?? 0) - from === end - start;
          if (same && sameBytes(bytes, from, bytes, start, end)) break;
          slot = (slot + 1) & mask;
          other = slots[slot] ?? EMPTY_SLOT;
        }
      }
      if (starts[index] === ends[index]) continue;
      if (other === EMPTY_SLOT) slots[slot] = index;
      else onRepeat(index, other);
    }
  }

  /** The number of the string equal to `text[start, end)`, or -1. */
  find(text: Uint8Array, start: number, end: number): number {
    let hash = FNV_OFFSET;
    for (let at = start; at < end; at += 1) hash = Math.imul(hash ^ (text[at] ?? 0), FNV_PRIME);
    return this.#slots[this.#slotOf(hash, text, start, end)] ?? EMPTY_SLOT;
  }

  /** The number of the string equal to `text[start, middle)`, one space, `text[middle, end)`; or -1. */
  findPair(text: Uint8Array, start: number, middle: number, end: number): number {
    let hash = FNV_OFFSET;
    for (let at = start; at < middle; at += 1) hash = Math.imul(hash ^ (text[at] ?? 0), FNV_PRIME);
    hash = Math.imul(hash ^ SPACE, FNV_PRIME);
    for (let at = middle; at < end; at += 1) hash = Math.imul(hash ^ (text[at] ?? 0), FNV_PRIME);
    const { bytes, starts, ends } = this.#strings;
    for (let slot = spread(hash) & this.#mask; ; slot = (slot + 1) & this.#mask) {
      const index = this.#slots[slot] ?? EMPTY_SLOT;
      if (index === EMPTY_SLOT) return EMPTY_SLOT;
      if (this.#hashes[index] !== hash) continue;
      const from = starts[index] ?? 0;
      if ((ends[index] ?? 0) - from !== end - start + 1) continue;
      const gap = from + middle - start;
      if (bytes[gap] !== SPACE) continue;
      if (!sameBytes(bytes, from, text, start, middle)) continue;
      if (sameBytes(bytes, gap + 1, text, middle, end)) return index;
    }
  }

  /**
   * The number and the length of the longest string that `text` holds at `start`, no further than `end`.
   * @returns the number, or -1; `longestLength` then holds how many bytes it covers
   */
  findLongest(text: Uint8Array, start: number, end: number): number {
    let hash = FNV_OFFSET;
    let best = EMPTY_SLOT;
    this.longestLength = 0;
    for (let at = start; at < end; at += 1) {
      hash = Math.imul(hash ^ (text[at] ?? 0), FNV_PRIME);
      const index = this.#slots[this.#slotOf(hash, text, start, at + 1)] ?? EMPTY_SLOT;
      if (index === EMPTY_SLOT) continue;
      best = index;
      this.longestLength = at + 1 - start;
    }
    return best;
  }

  longestLength = 0;

  /** The slot that holds this string, or the free one where it would go. */
  #slotOf(hash: number, text: Uint8Array, start: number, end: number): number {
    const { bytes, starts, ends } = this.#strings;
    for (let slot = spread(hash) & this.#mask; ; slot = (slot + 1) & this.#mask) {
      const index = this.#slots[slot] ?? EMPTY_SLOT;
      if (index === EMPTY_SLOT) return slot;
      if (this.#hashes[index] !== hash) continue;
      const from = starts[index] ?? 0;
      if ((ends[index] ?? 0) - from === end - start && sameBytes(bytes, from, text, start, end)) return slot;
    }
  }
}

/** The low bits of FNV depend on little of the text; the high ones are folded in. */
function spread(hash: number): number {
  return hash ^ (hash >>> 15);
}

function sameBytes(a: Uint8Array, from: number, b: Uint8Array, start: number, end: number): boolean {
  for (let at = start; at < end; at += 1) if (a[from + at - start] !== b[at]) return false;
  return true;
}
