import { createHash, type Hash } from 'node:crypto';
import type { ChoicePart } from '../apis/api.ts';
import type { ChoiceFacts } from '../exchange.ts';
import { ownText, type Redact } from './bounded.ts';

const KEPT_CHARS = 16 * 1024;
const HASH_BLOCK = 8 * 1024;
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
    this.#hash.update(this.#pending, 'utf16le');
    this.#pending = '';
  }
}

/** The facts of one choice, part by part. */
class ChoiceFold {
  readonly index: number | null;
  readonly #text = new DigestedText();
  readonly #reasoning = new DigestedText();
  readonly #tools = new DigestedText();
  readonly #finishes: string[] = [];
  #textHead = '';
  #toolsHead = '';
  #deltas = 0;
  #deltaAfterFinish = false;
  #tokenIds: number | null = null;

  constructor(index: number | null) {
    this.index = index;
  }

  /** Takes one part; true where it delivered something. */
  add(part: ChoicePart): boolean {
    const { text, reasoning, toolCalls } = part;
    const delivered = text !== '' || reasoning !== '' || toolCalls !== '';
    if (delivered) {
      this.#deltas += 1;
      if (this.#finishes.length > 0) this.#deltaAfterFinish = true;
      if (text !== '') {
        this.#text.add(text);
        if (this.#textHead.length < KEPT_CHARS) this.#textHead += text;
      }
      if (reasoning !== '') this.#reasoning.add(reasoning);
      if (toolCalls !== '') {
        this.#tools.add(toolCalls);
        if (this.#toolsHead.length < KEPT_CHARS) this.#toolsHead += toolCalls;
      }
    }
    if (part.tokenIds !== null) this.#tokenIds = (this.#tokenIds ?? 0) + part.tokenIds;
    if (part.finish !== null && this.#finishes.length < MAX_FINISHES) {
      this.#finishes.push(ownText(part.finish, 64));
    }
    return delivered;
  }

  facts(redact: Redact): ChoiceFacts {
    const whole = `${this.#text.digest()}|${this.#reasoning.digest()}|${this.#tools.digest()}`;
    return {
      index: this.index,
      text: redact(ownText(this.#textHead, KEPT_CHARS)),
      textLength: this.#text.length,
      reasoningLength: this.#reasoning.length,
      toolCalls: redact(ownText(this.#toolsHead, KEPT_CHARS)),
      digest: createHash('sha256').update(whole).digest('hex').slice(0, 32),
      deltas: this.#deltas,
      finishes: this.#finishes.map(redact),
      deltaAfterFinish: this.#deltaAfterFinish,
      tokenIds: this.#tokenIds,
    };
  }
}

/** All choices of an answer, streamed or whole, in order of first appearance. */
export class ChoicesFold {
  readonly #choices: ChoiceFold[] = [];

  /** Takes one part of a choice; true where it delivered text, reasoning or a tool call. */
  add(part: ChoicePart): boolean {
    const index = part.index ?? null;
    // Nearly always the first of one or two choices: a loop is cheaper than a map.
    for (const choice of this.#choices) if (choice.index === index) return choice.add(part);
    const choice = new ChoiceFold(index);
    if (this.#choices.length < MAX_CHOICES) this.#choices.push(choice);
    return choice.add(part);
  }

  facts(redact: Redact): readonly ChoiceFacts[] {
    return this.#choices.map((choice) => choice.facts(redact));
  }
}
