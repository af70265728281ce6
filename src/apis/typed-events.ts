/** Streams of events that name their type: how they open, what they are called, how they are numbered. */
import type { Breach } from '../model/breach.ts';
import type { JsonObject } from '../model/json.ts';

const NUMBERS = 'an integer sequence_number on every event, each larger than the one before';

interface EventRules {
  /** Each event needs a name: clients drop those without. Else a name only has to be right. */
  readonly named: boolean;
  /** Events have numbers. */
  readonly numbered: boolean;
  /** The type of events that may stand anywhere. */
  readonly idle?: string;
}

const said = (value: unknown): string => JSON.stringify(value)?.slice(0, 80) ?? 'absent';

type ClassOf<R extends Breach['rule']> = Extract<Breach, { rule: R }>['class'];

export class EventWatch {
  readonly #opening: string;
  readonly #rules: EventRules;
  #openings = 0;
  #events = 0;
  #others = 0;
  #numbered = 0;
  #number: number | null = null;
  #untyped: boolean | null = null;

  constructor(opening: string, rules: EventRules) {
    this.#opening = opening;
    this.#rules = rules;
  }

  /** What shows that this is no stream of such events; null where nothing does. */
  get foreign(): string | null {
    return this.#untyped === true ? 'the first event has no type' : null;
  }

  /** True once the opening event came. */
  get opened(): boolean {
    return this.#openings > 0;
  }

  event(value: JsonObject, name: string | undefined): readonly Breach[] {
    this.#untyped ??= typeof value.type !== 'string';
    this.#events += 1;
    return [...this.#start(value), ...this.#name(value, name), ...this.#order(value)];
  }

  /** What only the whole stream can show. */
  ended(): readonly Breach[] {
    const numbers = { events: this.#events, numbered: this.#numbered };
    return [
      ...(this.opened || this.#events === 0
        ? []
        : [this.#startBreach('missing', `no ${this.#opening} among ${this.#events} events`)]),
      ...(!this.#rules.numbered || this.#numbered === this.#events
        ? []
        : [
            {
              rule: 'sequence-numbers',
              class: this.#numbered === 0 ? 'absent' : 'some',
              expected: NUMBERS,
              detail: `${this.#numbered} of ${this.#events} events have an integer sequence_number`,
              numbers,
            } as const,
          ]),
    ];
  }

  #start({ type }: JsonObject): readonly Breach[] {
    if (type !== this.#opening) {
      if (type !== this.#rules.idle) this.#others += 1;
      return [];
    }
    this.#openings += 1;
    if (this.#openings > 1) return [this.#startBreach('twice', `a second ${this.#opening}`)];
    if (this.#others === 0) return [];
    return [this.#startBreach('late', `${this.#opening} after ${this.#others} other events`)];
  }

  #name({ type }: JsonObject, name = ''): readonly Breach[] {
    if (name === type || typeof type !== 'string') return [];
    const breach = (cls: ClassOf<'event-names'>, detail: string): readonly Breach[] => [
      { rule: 'event-names', class: cls, expected: 'events that are named by their type', detail },
    ];
    if (name !== '') return breach('differs', `event ${said(name)} with type ${said(type)}`);
    return this.#rules.named ? breach('absent', `no event line for ${said(type)}`) : [];
  }

  #order({ sequence_number: number }: JsonObject): readonly Breach[] {
    if (!this.#rules.numbered || typeof number !== 'number' || !Number.isInteger(number)) return [];
    this.#numbered += 1;
    const before = this.#number;
    this.#number = number;
    if (before === null || number > before) return [];
    return [
      {
        rule: 'sequence-numbers',
        class: 'not-rising',
        expected: NUMBERS,
        detail: `${number} after ${before}`,
        numbers: { before, after: number },
      },
    ];
  }

  #startBreach(cls: ClassOf<'stream-start'>, detail: string): Breach {
    const expected = `one ${this.#opening}, before every other event`;
    return { rule: 'stream-start', class: cls, expected, detail };
  }
}
