import type { ChoicePart } from '../model/api.ts';
import type { ChoiceFacts } from '../model/exchange.ts';
import { FirstAndLast } from '../wire/first-and-last.ts';
import type { Delivery } from './text-chunk.ts';

const MAX_CHOICES = 128;
const MAX_FINISHES = 16;
/** Characters of a reason why a choice ended. */
const FINISH_CHARS = 64;
/** Characters of all choices together that are kept for those who count them. */
const MOST_TEXT = 4 * 1024 * 1024;

/** How a choice's text came: what bounds its number of tokens where a chunk is a token. */
export interface ChoiceSizes {
  /** null where the server gave no usable one. */
  readonly index: number | null;
  /** Chunks with text, reasoning or a part of a tool call. */
  readonly textChunks: number;
  /** Of these, those with anything but text. */
  readonly otherChunks: number;
  /** UTF-8 bytes of all text. */
  readonly textBytes: number;
  /** Of each chunk whose text is not ASCII, the bytes but one: it may be of so many tokens more. */
  readonly spareBytes: number;
  /** Why it ended, as it came, the first 15 and the last one. */
  readonly finishes: readonly unknown[];
}

/** Characters that may still be kept; null: none are wanted. */
export interface TextRoom {
  left: number;
}

export class ChoiceTally {
  readonly index: number | null;
  readonly #room: TextRoom | null;
  readonly #finishes = new FirstAndLast<unknown>(MAX_FINISHES);
  readonly #lengths: Record<Delivery, number> = { text: 0, reasoning: 0, toolCalls: 0 };
  #pieces: string[] = [];
  #textChunks = 0;
  #otherChunks = 0;
  #textBytes = 0;
  #spareBytes = 0;
  #afterFinish = false;
  #logprobs = 0;

  constructor(index: number | null, room: TextRoom | null) {
    this.index = index;
    this.#room = room;
  }

  /** Takes one part; true where it delivered something. */
  add(part: ChoicePart): boolean {
    const { text, reasoning, toolCalls, finish, logprobs = 0 } = part;
    this.#logprobs += logprobs;
    const all = reasoning + text + toolCalls;
    if (all !== '') {
      const bytes = utf8Length(all);
      this.#lengths.text += text.length;
      this.#lengths.reasoning += reasoning.length;
      this.#lengths.toolCalls += toolCalls.length;
      this.#chunk(bytes, bytes === all.length, text === all);
      this.keep(all);
    }
    if (finish !== null) this.#finishes.add(boundedFinish(finish));
    return all !== '';
  }

  /** Takes a chunk of one kind that was not parsed. */
  delivered(kind: Delivery, bytes: number, ascii: boolean): void {
    this.#lengths[kind] += bytes;
    this.#chunk(bytes, ascii, kind === 'text');
  }

  /** Keeps a text for those who count it, as long as there is room. */
  keep(text: string): void {
    if (this.#room === null) return;
    this.#room.left -= text.length;
    if (this.#room.left >= 0) this.#pieces.push(text);
    else this.#pieces = [];
  }

  #chunk(bytes: number, ascii: boolean, isText: boolean): void {
    this.#textChunks += 1;
    if (!isText) this.#otherChunks += 1;
    this.#textBytes += bytes;
    if (!ascii) this.#spareBytes += bytes - 1;
    if (!this.#finishes.empty) this.#afterFinish = true;
  }

  /** All that was generated, in the order in which it came. */
  get text(): string {
    this.#pieces = [this.#pieces.join('')];
    return this.#pieces[0] ?? '';
  }

  get sizes(): ChoiceSizes {
    return {
      index: this.index,
      textChunks: this.#textChunks,
      otherChunks: this.#otherChunks,
      textBytes: this.#textBytes,
      spareBytes: this.#spareBytes,
      finishes: this.#finishes.list(),
    };
  }

  /** What checks read of it. Lengths of what was not parsed are in bytes: they are compared with nothing but zero. */
  get facts(): ChoiceFacts {
    return {
      index: this.index,
      text: '',
      textLength: this.#lengths.text,
      reasoningLength: this.#lengths.reasoning,
      toolCalls: this.#lengths.toolCalls > 0 ? '…' : '',
      digest: '',
      deltas: this.#textChunks,
      finishes: this.#finishes.list(),
      deltaAfterFinish: this.#afterFinish,
      tokenIds: null,
      logprobs: this.#logprobs,
      stoppedBy: null,
    };
  }
}

/** The choices of one answer, in order of first appearance. */
export class ChoiceTallies {
  readonly #all: ChoiceTally[] = [];
  readonly #room: TextRoom | null;

  constructor(keepText: boolean) {
    this.#room = keepText ? { left: MOST_TEXT } : null;
  }

  of(index: number | undefined): ChoiceTally {
    const wanted = index ?? null;
    for (const choice of this.#all) if (choice.index === wanted) return choice;
    const choice = new ChoiceTally(wanted, this.#room);
    if (this.#all.length < MAX_CHOICES) this.#all.push(choice);
    return choice;
  }

  get sizes(): readonly ChoiceSizes[] {
    return this.#all.map((choice) => choice.sizes);
  }

  get facts(): readonly ChoiceFacts[] {
    return this.#all.map((choice) => choice.facts);
  }

  /** The text of each choice, by index; null where it was not kept, or was too long. */
  get texts(): readonly string[] | null {
    if (this.#room === null || this.#room.left < 0) return null;
    return byIndex(this.#all).map((choice) => choice.text);
  }
}

/** In the order of their indexes; those without come last. */
export function byIndex<T extends { readonly index: number | null }>(choices: readonly T[]): readonly T[] {
  const place = ({ index }: T) => index ?? Number.POSITIVE_INFINITY;
  return choices.toSorted((a, b) => (place(a) === place(b) ? 0 : place(a) - place(b)));
}

function boundedFinish(finish: unknown): unknown {
  if (typeof finish === 'string')
    return finish.length > FINISH_CHARS ? `${finish.slice(0, FINISH_CHARS)}…` : finish;
  return typeof finish === 'object' ? {} : finish;
}

/** Bytes of a text as UTF-8. */
function utf8Length(text: string): number {
  let bytes = text.length;
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    if (unit < 0x80) continue;
    // A pair of halves is two units and four bytes.
    bytes += unit < 0x800 || (unit & 0xf800) === 0xd800 ? 1 : 2;
  }
  return bytes;
}
