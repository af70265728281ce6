import type { Api, Chunk, RequestFacts } from '../model/api.ts';
import type { JsonObject } from '../model/json.ts';
import { parseObject } from '../wire/read-chunk.ts';
import { type BodyEnd, endingOf } from './body-end.ts';
import { ChoiceTallies } from './choice-tally.ts';
import { EventScanner, type ScannedEvent } from './event-scanner.ts';
import { HeldBytes } from './held-bytes.ts';
import { Names } from './names.ts';
import { StreamWatchFold, wholeObject } from './stream-fold.ts';
import { TextChunk } from './text-chunk.ts';
import { type Watched, watchedStream, watchedWhole } from './watched.ts';

export interface WatchOptions {
  readonly api: Api;
  /** The request's body as it was sent; null or left out: not known, and judged as if usage had been asked for. */
  readonly request?: JsonObject | null;
  /** Text of the answer is kept (at most 4 Mi characters) for those who count it. */
  readonly keepText?: boolean;
  /** Told of each event as soon as its last byte was pushed. */
  readonly onEvent?: (event: WatchedEvent) => void;
}

/** One event of a stream, and where its bytes are: comments and blank lines stand between events. */
export interface WatchedEvent {
  /** Offset in the body of its first byte, and of the one behind its blank line. */
  readonly start: number;
  readonly end: number;
  /** `text`: a chunk like those before it but for its text. `unread`: over 1 MiB. `other`: no JSON object. */
  readonly kind: 'text' | 'chunk' | 'end' | 'other' | 'unread';
  /** Of `chunk` alone. */
  readonly chunk: Chunk | null;
}

/** A whole body that is larger is not read. */
const MAX_BODY_BYTES = 8 * 1024 * 1024;
const MAX_SHAPES = 4;
/** Chunks from which a shape is learnt that none of the next ones has, in a row: then there is no learning it. */
const PATIENCE = 8;

/**
 * Watches the bytes of one answer as they pass: a stream of server-sent events, or one JSON body. It never throws, holds at
 * most an event of 1 MiB (or a body of 8 MiB), and parses a chunk only where its text is not all that is new in it.
 */
export class BodyWatch {
  readonly #options: WatchOptions;
  readonly #facts: RequestFacts;
  readonly #names = new Names();
  readonly #fold: StreamWatchFold;
  readonly #scanner: EventScanner;
  readonly #decoder = new TextDecoder();
  readonly #body = new HeldBytes();
  readonly #shapes: TextChunk[] = [];
  /** The piece that is being read, and a view of it. */
  #viewed: Uint8Array | null = null;
  #view: DataView = new DataView(new ArrayBuffer(0));
  #patience = PATIENCE;
  #isStream: boolean | null = null;
  #unread = 0;
  #broken = false;
  #bytes = 0;

  constructor(options: WatchOptions) {
    this.#options = options;
    const { api, request = null, keepText = false } = options;
    this.#facts = api.readRequest(request ?? {});
    this.#fold = new StreamWatchFold(api, request, this.#names, keepText);
    this.#scanner = new EventScanner({
      event: (event) => this.#event(event),
      oddLine: (line) => this.#fold.oddLine(this.#decoder.decode(line)),
    });
  }

  /** Bytes pushed so far. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Bytes before this offset belong to nothing that may still turn out to be an event of interest. */
  get settled(): number {
    return this.#isStream === true && !this.#broken ? this.#scanner.settled : this.#bytes;
  }

  /** The next bytes of the body. They may be changed afterwards. */
  push(bytes: Uint8Array): void {
    this.#bytes += bytes.length;
    if (this.#broken) return;
    try {
      this.#isStream ??= startsStream(bytes);
      if (this.#isStream === false) this.#hold(bytes);
      else this.#scanner.push(bytes);
    } catch {
      this.#broken = true;
    }
    this.#viewed = null;
  }

  /** What it says so far, as if the stream were over where the last event ended. */
  look(): Watched {
    return this.#watched('clean');
  }

  /** The body is over; nothing may be pushed afterwards. */
  end(how: BodyEnd): Watched {
    try {
      if (this.#isStream && !this.#broken) this.#scanner.end();
    } catch {
      this.#broken = true;
    }
    return this.#watched(how);
  }

  #watched(how: BodyEnd): Watched {
    const { api, request = null } = this.#options;
    const ending = endingOf(how);
    const facts = this.#facts;
    const names = this.#names;
    const unread = this.#unread + (this.#broken ? 1 : 0);
    const watching = { api, request, facts, names, ending, bytes: this.#bytes, unread };
    const fold = this.#fold;
    if (this.#isStream === true)
      return watchedStream(watching, fold.facts(ending), fold.choices, (report) => fold.usages.rawOf(report));
    const value = unread === 0 ? wholeObject(this.#decoder.decode(this.#body.view())) : null;
    const read = value === null ? null : api.readWhole(value, request);
    names.add(read?.envelope ?? null);
    const tallies = new ChoiceTallies(this.#options.keepText ?? false);
    const parts = read === null || typeof read.choices === 'string' ? [] : read.choices;
    for (const part of parts) tallies.of(part.index).add(part);
    return watchedWhole(watching, value, read, tallies);
  }

  #hold(bytes: Uint8Array): void {
    if (this.#unread > 0) return;
    if (this.#body.length + bytes.length <= MAX_BODY_BYTES) this.#body.add(bytes);
    else {
      this.#unread = 1;
      this.#body.clear();
    }
  }

  #event(event: ScannedEvent): void {
    const { data, from, to, name, closed } = event;
    if (data === null) {
      this.#unread += 1;
      this.#tell(event, 'unread');
    } else if (name === undefined && this.#isText(data, from, to)) this.#tell(event, 'text');
    else {
      const text = this.#decoder.decode(data.subarray(from, to));
      // Half an event says nothing but that the body ended there.
      if (!closed && !this.#fold.isMarker(text) && parseObject(text) === null) return;
      const seen = this.#fold.event(text, name);
      if (seen.kind !== 'chunk') this.#tell(event, seen.kind);
      else {
        if (name === undefined && !seen.late) this.#learn(text, seen.chunk);
        this.#tell(event, 'chunk', seen.chunk);
      }
    }
  }

  #tell({ start, end }: ScannedEvent, kind: WatchedEvent['kind'], chunk: Chunk | null = null): void {
    this.#options.onEvent?.({ start, end, kind, chunk });
  }

  /** True where the event was taken as a chunk of text without being parsed. */
  #isText(data: Uint8Array, from: number, to: number): boolean {
    if (!this.#fold.isPlain || this.#shapes.length === 0) return false;
    if (this.#viewed !== data) this.#view = new DataView(data.buffer, data.byteOffset, data.length);
    this.#viewed = data;
    for (const shape of this.#shapes) {
      const found = shape.textIn(data, this.#view, from, to);
      if (found === null) continue;
      this.#patience = PATIENCE;
      this.#fold.like(shape, found);
      if (this.#options.keepText) {
        const text: unknown = JSON.parse(`"${this.#decoder.decode(data.subarray(found.start, found.end))}"`);
        this.#fold.choices.of(shape.index).keep(String(text));
      }
      return true;
    }
    return false;
  }

  #learn(data: string, chunk: Chunk): void {
    if (this.#patience === 0) return;
    const shape = TextChunk.of(data, chunk, this.#fold.reader);
    if (shape === null) return;
    this.#patience -= 1;
    const place = this.#shapes.findIndex((known) => known.isLike(shape));
    if (place !== -1) this.#shapes[place] = shape;
    else if (this.#shapes.length < MAX_SHAPES) this.#shapes.push(shape);
  }
}

const BLANK = new Set([0x20, 0x09, 0x0a, 0x0d, 0xef, 0xbb, 0xbf]);

/** By the first byte that is neither blank nor of a byte order mark; null where there is none. */
function startsStream(bytes: Uint8Array): boolean | null {
  const first = bytes.find((byte) => !BLANK.has(byte));
  return first === undefined ? null : first !== 0x7b && first !== 0x5b;
}
