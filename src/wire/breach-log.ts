import type { Breach } from '../model/breach.ts';
import type { Frame, SeenBreach } from '../model/exchange.ts';
import { type Redact, redactedHead } from './bounded.ts';

const DETAIL_CHARS = 400;

/** What a reader saw broken: each way of each rule once, where it was seen first. */
export class BreachLog {
  readonly #redact: Redact;
  readonly #kept = new Map<string, SeenBreach>();

  constructor(redact: Redact) {
    this.#redact = redact;
  }

  /** @param frameOf makes the frame that shows it: asked for only where it is kept, for each event may break a rule */
  add(breach: Breach, frameOf: () => Frame | null): void {
    const key = `${breach.rule} ${breach.class}`;
    if (this.#kept.has(key)) return;
    const detail = redactedHead(breach.detail, DETAIL_CHARS, this.#redact);
    this.#kept.set(key, { ...breach, detail, frame: frameOf() });
  }

  list(): readonly SeenBreach[] {
    return [...this.#kept.values()];
  }
}
