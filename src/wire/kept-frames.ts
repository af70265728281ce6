import type { Frame } from '../model/exchange.ts';
import { LONGEST_KEY, ownText, type Redact, redactedHead } from './bounded.ts';

const EDGE = 64;
const NOTABLE = 128;
const FRAME_CHARS = 4096;
/** Beyond these characters per group, further frames are cut short: a run keeps hundreds of exchanges. */
const GROUP_CHARS = 16 * 1024;
const SHORT_CHARS = 160;

/** A frame as it passes by; only what is kept is made into a Frame. */
export interface Seen {
  readonly index: number;
  readonly at: number;
  readonly data: string;
  readonly event: string | undefined;
}

/**
 * The frames of a body that are worth keeping, in flat memory: the first 64, the last 64, and where something happened
 * the first 128 and the last one. The tail is a ring of references; its texts are copied only at the end.
 */
export class KeptFrames {
  readonly #redact: Redact;
  readonly #kept = new Map<number, Frame>();
  readonly #ring: Seen[] = [];
  #headChars = 0;
  #notableChars = 0;
  #notables = 0;
  #lastNotable: Seen | null = null;
  #count = 0;

  constructor(redact: Redact) {
    this.#redact = redact;
  }

  /** Frames seen so far: the next frame's index. */
  get count(): number {
    return this.#count;
  }

  /** Takes the next frame of the body. */
  add(data: string, event: string | undefined, at: number): Seen {
    const index = this.#count;
    this.#count += 1;
    // A cut copy instead of a reference to something long.
    const most = FRAME_CHARS + LONGEST_KEY;
    const held = data.length > most ? ownText(data, most) : data;
    const seen = { index, at, data: held, event };
    if (index < EDGE) this.#headChars += this.#keep(seen, this.#headChars);
    else this.#ring[index % EDGE] = seen;
    return seen;
  }

  /** Keeps this frame because something happened in it, as long as there is room or it is the last. */
  note(seen: Seen): void {
    if (this.#notables >= NOTABLE) {
      this.#lastNotable = seen;
      return;
    }
    if (this.#kept.has(seen.index)) return;
    this.#notables += 1;
    this.#notableChars += this.#keep(seen, this.#notableChars);
  }

  /** The frame as it is kept, or a copy made now. */
  frame(seen: Seen): Frame {
    return this.#kept.get(seen.index) ?? this.loose(seen);
  }

  /** A frame that does not belong to the list. */
  loose(seen: Seen): Frame {
    return this.#make(seen, SHORT_CHARS);
  }

  /** All kept frames in order, no frame twice. Nothing may be added afterwards. */
  list(): readonly Frame[] {
    let chars = 0;
    const last = this.#lastNotable;
    if (last !== null && !this.#kept.has(last.index)) this.#keep(last, this.#notableChars);
    for (const seen of this.#ring.sort((a, b) => b.index - a.index)) {
      if (!this.#kept.has(seen.index)) chars += this.#keep(seen, chars);
    }
    return [...this.#kept.values()].sort((a, b) => a.index - b.index);
  }

  #keep(seen: Seen, spent: number): number {
    const frame = this.#make(seen, spent < GROUP_CHARS ? FRAME_CHARS : SHORT_CHARS);
    this.#kept.set(seen.index, frame);
    return frame.data.length;
  }

  #make({ index, at, data, event }: Seen, max: number): Frame {
    const cut = (text: string, length: number) => redactedHead(text, length, this.#redact);
    return event === undefined
      ? { index, at, data: cut(data, max) }
      : { index, at, data: cut(data, max), event: cut(event, SHORT_CHARS) };
  }
}
