/** What servers said in errors inside a 2xx. No status shows them, so each message is told in a note. */
import type { Exchange } from '../model/exchange.ts';
import { exchangesOf } from '../model/material.ts';
import type { CaseRecord } from '../model/observations.ts';
import { errorInBand } from '../model/outcome.ts';
import { cutToLength } from '../text/harmless.ts';
import { plural } from '../text/plural.ts';

/** A server may say something else each time. */
const MOST_MESSAGES = 8;
const MOST_CHARS = 400;

export class ReportedErrors {
  readonly #messages = new Map<string, { times: number; readonly first: string }>();
  #others = 0;

  add(records: readonly CaseRecord[]): void {
    for (const record of records) {
      for (const exchange of exchangesOf(record)) {
        const message = messageOf(exchange);
        if (message !== null) this.#count(message, record.key);
      }
    }
  }

  notes(): readonly string[] {
    const told = [...this.#messages].map(
      ([message, { times, first }]) =>
        `an error inside a 200: ${JSON.stringify(cutToLength(message, MOST_CHARS))} (${plural(times, 'time')}, first in ${first})`,
    );
    return this.#others === 0 ? told : [...told, `and ${plural(this.#others, 'more error')} inside a 200`];
  }

  #count(message: string, key: string): void {
    const known = this.#messages.get(message);
    if (known !== undefined) known.times += 1;
    else if (this.#messages.size < MOST_MESSAGES) this.#messages.set(message, { times: 1, first: key });
    else this.#others += 1;
  }
}

function messageOf(exchange: Exchange): string | null {
  const { reply } = exchange;
  if (reply.kind !== 'response' || reply.status < 200 || reply.status >= 300) return null;
  const streamed = reply.body.kind === 'stream' ? reply.body.stream.error : null;
  return (streamed ?? errorInBand(exchange))?.message ?? null;
}
