import type { Envelope } from '../model/exchange.ts';

const MOST_CHARS = 256;

/** How the server calls the answer and the model: the first of each that is no empty text. */
export class Names {
  answerId: string | null = null;
  model: string | null = null;

  add(envelope: Envelope | null): void {
    if (envelope === null) return;
    this.answerId ??= nameIn(envelope.id);
    this.model ??= nameIn(envelope.model);
  }
}

const nameIn = (value: unknown): string | null =>
  typeof value === 'string' && value !== '' ? value.slice(0, MOST_CHARS) : null;
