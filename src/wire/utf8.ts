import { isAscii } from 'node:buffer';

/**
 * Bytes to text, over any split: a character cut in two comes out whole, damaged bytes come out as U+FFFD, a byte order
 * mark at the start is dropped. Most streams are ASCII, which needs no decoder.
 */
export class Utf8Text {
  readonly #decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  #pending = false;
  #started = false;
  #wide = false;

  /** True once there was more than ASCII: the text then takes two bytes a character. */
  get wide(): boolean {
    return this.#wide;
  }

  /** The text of the next bytes; '' where they end inside their first character. */
  push(bytes: Uint8Array): string {
    if (bytes.length === 0) return '';
    if (!this.#pending && isAscii(bytes)) {
      this.#started = true;
      return asBuffer(bytes).toString('latin1');
    }
    this.#wide = true;
    const text = this.#decoder.decode(bytes, { stream: true });
    // Only bytes over 0x7f can leave an unfinished character behind.
    this.#pending = (bytes[bytes.length - 1] ?? 0) > 0x7f;
    return this.#withoutMark(text);
  }

  /** What is left: U+FFFD where the bytes end inside a character, '' otherwise. */
  end(): string {
    return this.#withoutMark(this.#decoder.decode());
  }

  #withoutMark(text: string): string {
    if (this.#started || text === '') return text;
    this.#started = true;
    return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
  }
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
