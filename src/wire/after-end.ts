import type { Api, StreamReader } from '../model/api.ts';
import type { AfterEnd, Frame, UsageReport } from '../model/exchange.ts';
import { boundedFields, type Redact } from './bounded.ts';
import { FirstAndLast } from './first-and-last.ts';
import type { KeptFrames } from './kept-frames.ts';
import { choicesShape, readChunk } from './read-chunk.ts';
import { boundedCounts } from './usage-log.ts';

const MAX_EACH = 64;

/** What came after the first end marker, bounded; none of it is part of the answer. */
export class AfterEndLog {
  readonly #api: Api;
  readonly #reader: StreamReader;
  readonly #frames: KeptFrames;
  readonly #redact: Redact;
  readonly #usages = new FirstAndLast<UsageReport>(MAX_EACH);
  readonly #others = new FirstAndLast<Frame>(MAX_EACH);
  #markers = 0;
  #count = 0;

  constructor(api: Api, reader: StreamReader, frames: KeptFrames, redact: Redact) {
    this.#api = api;
    this.#reader = reader;
    this.#frames = frames;
    this.#redact = redact;
  }

  event(data: string, event: string | undefined, at: number, isMarker: boolean): void {
    if (isMarker) {
      this.#markers += 1;
      this.#count += 1;
      return;
    }
    if (data.trim() === '') return;
    const frame = this.#frame(data, event, at);
    const chunk = readChunk(this.#reader, data, event);
    if (chunk === null) {
      this.#others.add(frame);
      return;
    }
    if (chunk.idle) return;
    if (chunk.ends) this.#markers += 1;
    if (chunk.error !== null) {
      this.#others.add(frame);
      return;
    }
    const shape = choicesShape(chunk.choices);
    if (chunk.usage.kind === 'value') {
      this.#usages.add({
        frame,
        counts: boundedCounts(this.#api.readUsage(chunk.usage.value), this.#redact),
        text: null,
        choices: shape,
        beforeContent: false,
        atOrAfterFirstFinish: true,
        envelope: boundedFields(chunk.envelope ?? { id: undefined }, this.#redact),
      });
    }
    const onlyUsage = chunk.usage.kind === 'value' && shape !== 'non-empty';
    const onlyEnd = chunk.ends && shape !== 'non-empty';
    if (!onlyUsage && !onlyEnd) this.#others.add(frame);
  }

  /** A line outside of any field that reports an error. */
  errorLine(line: string, at: number): void {
    this.#others.add(this.#frame(line, undefined, at));
  }

  result(): AfterEnd {
    return { markers: this.#markers, usages: this.#usages.list(), others: this.#others.list() };
  }

  #frame(data: string, event: string | undefined, at: number): Frame {
    const index = this.#frames.count + this.#count;
    this.#count += 1;
    return this.#frames.loose({ index, data, event, at });
  }
}
