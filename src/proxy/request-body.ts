import { isJsonObject, type JsonObject, parseJson } from '../model/json.ts';

/** The body of a request, kept while it passes; one that is larger than allowed is not kept. */
export class RequestBody {
  readonly #most: number;
  #pieces: Uint8Array[] = [];
  #bytes = 0;

  constructor(mostBytes: number) {
    this.#most = mostBytes;
  }

  add(piece: Uint8Array): void {
    this.#bytes += piece.length;
    if (this.isTooLarge) this.#pieces = [];
    else this.#pieces.push(piece);
  }

  get isTooLarge(): boolean {
    return this.#bytes > this.#most;
  }

  /** What came so far; nothing where it is too large. */
  get bytes(): Buffer {
    return Buffer.concat(this.#pieces);
  }

  /** null where it is no JSON object, or too large. */
  get json(): JsonObject | null {
    const value = parseJson(this.bytes.toString('utf8'));
    return isJsonObject(value) ? value : null;
  }

  /** It is read, and not needed any more. */
  drop(): void {
    this.#pieces = [];
  }
}
