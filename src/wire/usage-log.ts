import { judgedUsage, saysAnything } from '../model/answer.ts';
import type { Api } from '../model/api.ts';
import type { ChoicesShape, CountField, Envelope, UsageCounts, UsageReport } from '../model/exchange.ts';
import { boundedFields, boundedRaw, boundedText, type Redact } from './bounded.ts';
import type { KeptFrames, Seen } from './kept-frames.ts';
import { readUsageText } from './usage-text.ts';

const EDGE = 64;
const MAX_DETAILS = 32;
const MAX_GIVEN = 64;
const MAX_PROMPTS = 8;
const NO_ENVELOPE: Envelope = { id: undefined };
/** The first and last ones, which are judged, keep all details. */
const OUTERMOST = 4;
/** A chunk over this many characters is read at once, so that its parsed usage is not held on to. */
const LAZY_CHARS = 4096;

/** The counts of a usage, cut to what is worth keeping; numbers stay what they are. */
export function boundedCounts(counts: UsageCounts, redact: Redact): UsageCounts {
  const {
    required,
    details,
    given = [],
    each,
    prompt,
    completion,
    total,
    beside,
    cached,
    reasoning,
  } = counts;
  const fields = (list: readonly CountField[]) => {
    const kept = list.length > MAX_DETAILS ? [...list.slice(0, MAX_DETAILS - 1), ...list.slice(-1)] : list;
    return kept.map(([path, value]) => [boundedText(path, redact), boundedRaw(value, redact)] as const);
  };
  return {
    ...boundedFields({ prompt, completion, total, cached, reasoning }, redact),
    ...(beside === undefined ? {} : boundedFields({ beside }, redact)),
    required: fields(required),
    details: fields(details),
    // A part of them would look as if the others lacked.
    ...(counts.given === undefined || given.length > MAX_GIVEN
      ? {}
      : { given: given.map(({ name, about }) => ({ name: boundedText(name, redact), about })) }),
    ...(each === undefined
      ? {}
      : { each: each.slice(0, MAX_PROMPTS).map((one) => boundedFields(one, redact)) }),
  };
}

/** A usage as it was seen, not yet read: servers that send one on every chunk cost nothing this way. */
export interface SeenUsage {
  readonly seen: Seen;
  readonly usage: unknown;
  readonly choices: ChoicesShape;
  readonly beforeContent: boolean;
  readonly atOrAfterFirstFinish: boolean;
  readonly envelope: Envelope | null;
}

/** Non-null usages in order: the first 64, the last 64, the last one with a count, and how many there were. */
export class UsageLog {
  readonly #api: Api;
  readonly #frames: KeptFrames;
  readonly #redact: Redact;
  readonly #first: UsageReport[] = [];
  readonly #last: Array<SeenUsage | UsageReport> = [];
  /** The last one with a count that is no longer among the last ones. */
  #counted: SeenUsage | UsageReport | null = null;
  /** The place of one among the last ones that has a count. */
  #countedPlace = -1;
  count = 0;

  constructor(api: Api, frames: KeptFrames, redact: Redact) {
    this.#api = api;
    this.#frames = frames;
    this.#redact = redact;
  }

  /** @param data of the chunk as a whole: what is seen of it may be cut */
  add(found: SeenUsage, data: string): void {
    const place = this.count;
    this.count += 1;
    if (place < EDGE) {
      this.#first.push(this.#read(found, data));
      return;
    }
    this.#drop(place - EDGE, this.#last[place % EDGE], found);
    this.#last[place % EDGE] = data.length > LAZY_CHARS ? this.#read(found, data) : found;
  }

  reports(): readonly UsageReport[] {
    const tail = this.#last.map((entry) => this.#kept(entry));
    if (this.#counted !== null && !tail.some(({ counts }) => saysAnything(counts)))
      tail.push(this.#kept(this.#counted));
    const all = [...this.#first, ...tail.sort((a, b) => a.frame.index - b.frame.index)];
    const lastOnes = all.length - OUTERMOST;
    const judged = judgedUsage({ usages: all });
    return all.map((report, i) =>
      i < OUTERMOST || i >= lastOnes || report === judged ? report : inTheMiddle(report),
    );
  }

  /** One that goes is looked at only where no later one with a count is known: that one would be judged in its place. */
  #drop(place: number, entry: SeenUsage | UsageReport | undefined, found: SeenUsage): void {
    if (entry === undefined || this.#countedPlace > place) return;
    if (this.#hasCount(entry)) this.#counted = entry;
    this.#countedPlace = this.#hasCount(found) ? place + EDGE : -1;
  }

  #hasCount(entry: SeenUsage | UsageReport): boolean {
    return saysAnything('frame' in entry ? entry.counts : this.#api.readUsage(entry.usage));
  }

  #kept(entry: SeenUsage | UsageReport): UsageReport {
    return 'frame' in entry ? entry : this.#read(entry, entry.seen.data);
  }

  #read(found: SeenUsage, data: string): UsageReport {
    const { seen, usage, choices, beforeContent, atOrAfterFirstFinish, envelope } = found;
    return {
      frame: this.#frames.frame(seen),
      counts: boundedCounts(this.#api.readUsage(usage), this.#redact),
      text: readUsageText(this.#api, data, this.#redact),
      choices,
      beforeContent,
      atOrAfterFirstFinish,
      envelope: boundedFields(envelope ?? NO_ENVELOPE, this.#redact),
    };
  }
}

/** In the middle only the three counts are compared; of the rest there may be a hundred times as much. */
function inTheMiddle(report: UsageReport): UsageReport {
  const { given, ...counts } = report.counts;
  return { ...report, counts: { ...counts, required: [], details: [] }, text: null, envelope: NO_ENVELOPE };
}
