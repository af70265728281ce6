const NONE = -1;

/**
 * How soon two neighbours are joined: the lowest first, NaN for never. They stand in `bytes` from `left` to
 * `middle` and from `middle` to `end`.
 */
export type PairPriority = (bytes: Uint8Array, left: number, middle: number, end: number) => number;

/**
 * Joins neighbouring symbols, always the pair of lowest priority, the leftmost of equals: the one algorithm behind
 * both BPE (priority = rank of the merge) and SentencePiece as llama.cpp does it (priority = minus the score).
 * A binary heap holds every pair that could be joined; pairs that have gone stale are dropped when they come up.
 */
export class SymbolMerger {
  readonly #priorityOf: PairPriority;
  #start = new Int32Array(0);
  #length = new Int32Array(0);
  #previous = new Int32Array(0);
  #next = new Int32Array(0);
  #heapPriority = new Float64Array(0);
  #heapLeft = new Int32Array(0);
  #heapBytes = new Int32Array(0);
  #heapSize = 0;

  constructor(priorityOf: PairPriority) {
    this.#priorityOf = priorityOf;
  }

  /** Splits `bytes[0, end)` into UTF-8 characters, joins them, and hands out the symbols that are left. */
  merge(bytes: Uint8Array, end: number, emit: (start: number, end: number) => void): void {
    this.#reserve(end);
    this.#heapSize = 0;
    let count = 0;
    for (let at = 0; at < end; ) {
      const length = Math.min(utf8Length(bytes[at] ?? 0), end - at);
      this.#start[count] = at;
      this.#length[count] = length;
      this.#previous[count] = count - 1;
      at += length;
      this.#next[count] = at === end ? NONE : count + 1;
      count += 1;
    }
    for (let left = 0; left + 1 < count; left += 1) this.#offer(bytes, left);
    while (this.#heapSize > 0) {
      const left = this.#heapLeft[0] ?? 0;
      const size = this.#heapBytes[0] ?? 0;
      this.#removeTop();
      const leftLength = this.#length[left] ?? 0;
      const right = this.#next[left] ?? NONE;
      // Stale: one of the two has been joined to something else since.
      if (leftLength === 0 || right === NONE || leftLength + (this.#length[right] ?? 0) !== size) continue;
      this.#length[left] = size;
      this.#length[right] = 0;
      const after = this.#next[right] ?? NONE;
      this.#next[left] = after;
      if (after !== NONE) this.#previous[after] = left;
      const before = this.#previous[left] ?? NONE;
      if (before !== NONE) this.#offer(bytes, before);
      this.#offer(bytes, left);
    }
    for (let symbol = 0; symbol < count && symbol !== NONE; symbol = this.#next[symbol] ?? NONE) {
      const start = this.#start[symbol] ?? 0;
      emit(start, start + (this.#length[symbol] ?? 0));
    }
  }

  #offer(bytes: Uint8Array, left: number): void {
    const right = this.#next[left] ?? NONE;
    if (right === NONE) return;
    const start = this.#start[left] ?? 0;
    const middle = this.#start[right] ?? 0;
    const end = middle + (this.#length[right] ?? 0);
    const priority = this.#priorityOf(bytes, start, middle, end);
    if (!Number.isNaN(priority)) this.#push(priority, left, end - start);
  }

  #push(priority: number, left: number, size: number): void {
    let at = this.#heapSize;
    this.#heapSize += 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!this.#precedes(priority, left, parent)) break;
      this.#copyEntry(parent, at);
      at = parent;
    }
    this.#setEntry(at, priority, left, size);
  }

  #removeTop(): void {
    this.#heapSize -= 1;
    const size = this.#heapSize;
    if (size === 0) return;
    const priority = this.#heapPriority[size] ?? 0;
    const left = this.#heapLeft[size] ?? 0;
    const bytes = this.#heapBytes[size] ?? 0;
    let at = 0;
    for (let child = 1; child < size; child = at * 2 + 1) {
      const other = child + 1;
      if (other < size && this.#precedes(this.#heapPriority[other] ?? 0, this.#heapLeft[other] ?? 0, child))
        child = other;
      if (this.#precedes(priority, left, child)) break;
      this.#copyEntry(child, at);
      at = child;
    }
    this.#setEntry(at, priority, left, bytes);
  }

  #precedes(priority: number, left: number, entry: number): boolean {
    const other = this.#heapPriority[entry] ?? 0;
    return priority < other || (priority === other && left < (this.#heapLeft[entry] ?? 0));
  }

  #copyEntry(from: number, to: number): void {
    this.#setEntry(to, this.#heapPriority[from] ?? 0, this.#heapLeft[from] ?? 0, this.#heapBytes[from] ?? 0);
  }

  #setEntry(at: number, priority: number, left: number, size: number): void {
    this.#heapPriority[at] = priority;
    this.#heapLeft[at] = left;
    this.#heapBytes[at] = size;
  }

  /** Each symbol starts one pair, and each join offers two more: three entries a symbol are enough. */
  #reserve(symbols: number): void {
    if (symbols <= this.#start.length) return;
    const size = Math.max(64, symbols * 2);
    this.#start = new Int32Array(size);
    this.#length = new Int32Array(size);
    this.#previous = new Int32Array(size);
    this.#next = new Int32Array(size);
    this.#heapPriority = new Float64Array(size * 3);
    this.#heapLeft = new Int32Array(size * 3);
    this.#heapBytes = new Int32Array(size * 3);
  }
}

/** The length of a character by its first byte; a stray continuation byte stands alone, as in llama.cpp. */
function utf8Length(firstByte: number): number {
  if (firstByte < 0xc0) return 1;
  if (firstByte < 0xe0) return 2;
  return firstByte < 0xf0 ? 3 : 4;
}
