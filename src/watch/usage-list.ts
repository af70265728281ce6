import { saysAnything } from '../model/answer.ts';
import type { UsageReport } from '../model/exchange.ts';

const EDGE = 64;
const MOST_CHARS = 128;

/** A usage as it was read, and as it came. */
export interface ReadUsage {
  readonly report: UsageReport;
  readonly raw: unknown;
}

/**
 * The usages of a stream, in flat memory however many there are and whatever they hold: of the first 64 and the last 64 the
 * three counts, of the last one and the last one with a count everything.
 */
export class UsageList {
  readonly #first: UsageReport[] = [];
  readonly #ring: UsageReport[] = [];
  #last: ReadUsage | null = null;
  #counted: ReadUsage | null = null;
  count = 0;

  add(read: ReadUsage): void {
    const { report } = read;
    const slim = threeCountsOf(report);
    if (this.count < EDGE) this.#first.push(slim);
    else this.#ring[this.count % EDGE] = slim;
    this.count += 1;
    this.#last = read;
    if (saysAnything(report.counts)) this.#counted = read;
  }

  reports(): readonly UsageReport[] {
    const whole = [this.#counted, this.#last].flatMap((read) => (read === null ? [] : [read.report]));
    const places = new Set(whole.map(({ frame }) => frame.index));
    const slim = [...this.#first, ...this.#ring].filter(({ frame }) => !places.has(frame.index));
    return [...slim, ...new Set(whole)].sort((a, b) => a.frame.index - b.frame.index);
  }

  /** What the server sent where this was read; null where it is not known any more. */
  rawOf(report: UsageReport): unknown {
    return [this.#counted, this.#last].find((read) => read?.report === report)?.raw ?? null;
  }
}

function threeCountsOf(report: UsageReport): UsageReport {
  const { prompt, completion, total } = report.counts;
  const counts = {
    prompt: scalar(prompt),
    completion: scalar(completion),
    total: scalar(total),
    cached: undefined,
    reasoning: undefined,
    required: [],
    details: [],
  };
  return { ...report, counts, envelope: { id: undefined } };
}

/** What is no count is only told from one. */
function scalar(value: unknown): unknown {
  if (typeof value === 'string') return value.length > MOST_CHARS ? '…' : value;
  return typeof value === 'object' && value !== null ? '{}' : value;
}
