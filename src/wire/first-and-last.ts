/**
 * A bounded list: the first entries, and the last one. How something ended is never what is dropped, so a fault has the
 * same name in a short answer and in a long one.
 */
export class FirstAndLast<T> {
  readonly #max: number;
  readonly #first: T[] = [];
  #last: readonly T[] = [];

  constructor(max: number) {
    this.#max = max;
  }

  get empty(): boolean {
    return this.#first.length === 0;
  }

  add(entry: T): void {
    if (this.#first.length < this.#max - 1) this.#first.push(entry);
    else this.#last = [entry];
  }

  list(): readonly T[] {
    return [...this.#first, ...this.#last];
  }
}
