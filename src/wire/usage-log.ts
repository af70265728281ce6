import type { Api } from '../model/api.ts';
import type { ChoicesShape, CountField, Envelope, UsageCounts, UsageReport } from '../model/exchange.ts';
import { boundedFields, boundedRaw, boundedText, type Redact } from './bounded.ts';
import type { KeptFrames, Seen } from './kept-frames.ts';

const EDGE = 64;
const MAX_DETAILS = 32;
const MAX_PROMPTS = 8;
const NO_ENVELOPE: Envelope = { id: undefined };
/** The first and last ones, which are judged, keep all details. */
const OUTERMOST = 4;
/** A chunk over this many characters is read at once, so that its parsed usage is not held on to. */
const LAZY_CHARS = 4096;

/** The counts of a usage, cut to what is worth keeping; numbers stay what they are. */
export function boundedCounts(counts: UsageCounts, redact: Redact): UsageCounts {
  const { required, details, prompt, completion, total, cached, reasoning, each } = counts;
  const fields = (list: readonly CountField[]) =>
    list
      .slice(0, MAX_DETAILS)
      .map(([path, value]) => [boundedText(path, redact), boundedRaw(value, redact)] as const);
  return {
    ...boundedFields({ prompt, completion, total, cached, reasoning }, redact),
    required: fields(required),
    details: fields(details),
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
  readonly atOrAfterFirstFinish: boolean;
  readonly envelope: Envelope | null;
}

/** Non-null usages in order: the first 64, the last 64, and how many there were. */
export class UsageLog {
  readonly #api: Api;
  readonly #frames: KeptFrames;
  readonly #redact: Redact;
  readonly #first: UsageReport[] = [];
  readonly #last: Array<SeenUsage | UsageReport> = [];
  count = 0;

  constructor(api: Api, frames: KeptFrames, redact: Redact) {
    this.#api = api;
    this.#frames = frames;
    this.#redact = redact;
  }

  add(found: SeenUsage): void {
    const place = this.count;
    this.count += 1;
    if (place < EDGE) this.#first.push(this.#read(found));
    else this.#last[place % EDGE] = found.seen.data.length > LAZY_CHARS ? this.#read(found) : found;
  }

  reports(): readonly UsageReport[] {
    const tail = this.#last.map((entry) => ('frame' in entry ? entry : this.#read(entry)));
    const all = [...this.#first, ...tail.sort((a, b) => a.frame.index - b.frame.index)];
    const lastOnes = all.length - OUTERMOST;
    return all.map((report, i) => (i < OUTERMOST || i >= lastOnes ? report : inTheMiddle(report)));
  }

  #read({ seen, usage, choices, atOrAfterFirstFinish, envelope }: SeenUsage): UsageReport {
    return {
      frame: this.#frames.frame(seen),
      counts: boundedCounts(this.#api.readUsage(usage), this.#redact),
      choices,
      atOrAfterFirstFinish,
      envelope: boundedFields(envelope ?? NO_ENVELOPE, this.#redact),
    };
  }
}

/** In the middle only the three counts are compared; of the rest there may be a hundred times as much. */
function inTheMiddle(report: UsageReport): UsageReport {
  return { ...report, counts: { ...report.counts, required: [], details: [] }, envelope: NO_ENVELOPE };
}
