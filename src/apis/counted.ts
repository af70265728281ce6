import type { JsonObject } from '../model/json.ts';
import { objectOr } from './fields.ts';

/** The counts of an API that leaves a count of 0 out, so that the completion's may lack where nothing was delivered. */
export class Counted {
  readonly sent: JsonObject;
  /** What the count is of was delivered until then. */
  readonly delivered: boolean;

  constructor(sent: JsonObject, delivered: boolean) {
    this.sent = sent;
    this.delivered = delivered;
  }

  /** @param usage what a reader gave, or counts as they were sent: of those nothing may lack */
  static of(usage: unknown): Counted {
    return usage instanceof Counted ? usage : new Counted(objectOr(usage), true);
  }
}
