import { createHash, type Hash } from 'node:crypto';
import type { ChoicePart } from '../model/api.ts';
import type { ChoiceFacts } from '../model/exchange.ts';
import { boundedRaw, ownText, type Redact } from './bounded.ts';
import { FirstAndLast } from './first-and-last.ts';
import { redacted } from './redact.ts';

const KEPT_CHARS = 16 * 1024;
/** For all choices together: a server that answers with a hundred of them must not fill the memory. */
const KEPT_CHARS_IN_ALL = 64 * 1024;
const HASH_BLOCK = 8 * 1024;
const MOST_AT_ONCE = 64 * 1024;
const MAX_FINISHES = 16;
const MAX_CHOICES = 128;

/** A text that only its length and digest are wanted of. Short pieces are hashed together: each update is costly. */
class DigestedText {
  length = 0;
  #pending = '';
  #hash: Hash | null = null;

  add(piece: string): void {
    this.length += piece.length;
    this.#pending += piece;
    if (this.#pending.length >= HASH_BLOCK) this.#flush();
  }

  digest(): string {
    if (this.length === 0) return '';
    this.#flush();
    return this.#hash === null ? '' : this.#hash.digest('hex');
  }

  #flush(): void {
    this.#hash ??= createHash('sha256');
    // UTF-16: a block may end inside a surrogate pair, which UTF-8 could not say.
    // A block at a time: a text of megabytes would be copied whole.
    for (let at = 0; at < this.#pending.length; at += MOST_AT_ONCE)
      this.#hash.update(this.#pending.slice(at, at + MOST_AT_ONCE), 'utf16le');
    this.#pending = '';
  }
}

/** Characters that may still be kept. */
interface Room {
  left: number;
}

/** The beginning of a text, as long as there is room for it. */
class TextHead {
  readonly #room: Room;
  text = '';

  constructor(room: Room) {
    this.#room = room;
  }

  add(piece: string): void {
    const left = Math.min(this.#room.left, KEPT_CHARS - this.text.length);
    if (left <= 0) return;
    const kept = piece.length > left ? ownText(piece, left) : piece;
    this.text += kept;
    this.#room.left -= kept.length;
  }
}

/** The facts of one choice, part by part. */
class ChoiceFold {
  readonly index: number | null;
  readonly #text = new DigestedText();
  readonly #reasoning = new DigestedText();
  readonly #tools = new DigestedText();
  readonly #redact: Redact;
  readonly #finishes = new FirstAndLast<unknown>(MAX_FINISHES);
  readonly #textHead: TextHead;
  readonly #toolsHead: TextHead;
  #deltas = 0;
  #deltaAfterFinish = false;
  #tokenIds: number | null = null;
  #logprobs = 0;
  #stoppedBy: string | null = null;

  constructor(index: number | null, room: Room, redact: Redact) {
    this.index = index;
    this.#redact = redact;
    this.#textHead = new TextHead(room);
    this.#toolsHead = new TextHead(room);
  }

  /** Takes one part; true where it delivered something. */
  add(part: ChoicePart): boolean {
    const { text, reasoning, toolCalls } = part;
    const delivered = text !== '' || reasoning !== '' || toolCalls !== '';
    if (delivered) {
      this.#deltas += 1;
      if (!this.#finishes.empty) this.#deltaAfterFinish = true;
      if (text !== '') {
        this.#text.add(text);
        this.#textHead.add(text);
      }
      if (reasoning !== '') this.#reasoning.add(reasoning);
      if (toolCalls !== '') {
        this.#tools.add(toolCalls);
        this.#toolsHead.add(toolCalls);
      }
    }
    if (part.tokenIds !== null) this.#tokenIds = (this.#tokenIds ?? 0) + part.tokenIds;
    if (part.stoppedBy !== undefined) this.#stoppedBy ??= ownText(part.stoppedBy, 64);
    if (part.logprobs !== undefined) this.#logprobs += part.logprobs;
    if (part.finish !== null) this.#finishes.add(boundedRaw(part.finish, this.#redact));
    return delivered;
  }

  get finished(): boolean {
    return !this.#finishes.empty;
  }

  facts(): ChoiceFacts {
    const redact = this.#redact;
    const whole = `${this.#text.digest()}|${this.#reasoning.digest()}|${this.#tools.digest()}`;
    return {
      index: this.index,
      text: redact(ownText(this.#textHead.text, KEPT_CHARS)),
      textLength: this.#text.length,
      reasoningLength: this.#reasoning.length,
      toolCalls: redact(ownText(this.#toolsHead.text, KEPT_CHARS)),
      digest: createHash('sha256').update(whole).digest('hex').slice(0, 32),
      deltas: this.#deltas,
      finishes: this.#finishes.list().map((finish) => redacted(finish, redact)),
      deltaAfterFinish: this.#deltaAfterFinish,
      tokenIds: this.#tokenIds,
      logprobs: this.#logprobs,
      stoppedBy: this.#stoppedBy === null ? null : redact(this.#stoppedBy),
    };
  }
}

/** All choices of an answer, streamed or whole, in order of first appearance. */
export class ChoicesFold {
  readonly #redact: Redact;
  readonly #choices: ChoiceFold[] = [];
  readonly #room: Room = { left: KEPT_CHARS_IN_ALL };

  constructor(redact: Redact) {
    this.#redact = redact;
  }

  /** Takes one part of a choice; true where it delivered text, reasoning or a tool call. */
  add(part: ChoicePart): boolean {
    const index = part.index ?? null;
    // Nearly always the first of one or two choices: a loop is cheaper than a map.
    for (const choice of this.#choices) if (choice.index === index) return choice.add(part);
    const choice = new ChoiceFold(index, this.#room, this.#redact);
    if (this.#choices.length < MAX_CHOICES) this.#choices.push(choice);
    return choice.add(part);
  }

  /** Every choice has said why it ended. */
  get finished(): boolean {
    return this.#choices.length > 0 && this.#choices.every((choice) => choice.finished);
  }

  facts(): readonly ChoiceFacts[] {
    return this.#choices.map((choice) => choice.facts());
  }
}
