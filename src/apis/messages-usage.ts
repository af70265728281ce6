/** What Messages says of usage: two events say it together, and the prompt's tokens are the sum of three counts. */
import { isCount } from '../model/answer.ts';
import type { UsagePlaces } from '../model/api.ts';
import type { Breach } from '../model/breach.ts';
import type { CountField, UsageCounts } from '../model/exchange.ts';
import { isJsonObject, type JsonObject } from '../model/json.ts';
import { givenDetails, objectOr } from './fields.ts';

/** Of a usage that comes in pieces: each may bring others. */
const MAX_FIELDS = 64;

/** Usage comes in two events, and what the later one leaves out or says null to, the earlier one still says. */
export class Merged {
  readonly start: JsonObject;
  /** null: no event after the first had a usage. */
  readonly last: JsonObject | null;
  /** What was no count where it came, and may have been overwritten since. */
  readonly odd: readonly CountField[];

  constructor(start: JsonObject, last: JsonObject | null, odd: readonly CountField[]) {
    this.start = start;
    this.last = last;
    this.odd = odd;
  }
}

function overwritten(usage: JsonObject, by: JsonObject): JsonObject {
  const sent = Object.entries(by).filter(([, value]) => value !== null && value !== undefined);
  return Object.fromEntries(Object.entries({ ...usage, ...Object.fromEntries(sent) }).slice(0, MAX_FIELDS));
}

const OF_THE_PROMPT = ['input_tokens', 'cache_creation_input_tokens', 'cache_read_input_tokens'] as const;

/** The sum of the three input counts, absent or null being 0; where one is no count, that one. */
function promptOf(usage: JsonObject): unknown {
  const sent = OF_THE_PROMPT.map((name) => usage[name] ?? 0);
  const wrong = sent.find((value) => !isCount(value));
  return wrong ?? sent.filter(isCount).reduce((sum, value) => sum + value, 0);
}

/** Every `*_tokens` that was sent, in the details, too. */
function countsIn(usage: JsonObject, where: string): readonly CountField[] {
  return Object.entries(usage).flatMap(([name, value]) => {
    if (isJsonObject(value)) return countsIn(value, `${where}${name}.`);
    return name.endsWith('_tokens') && value !== null ? [[`${where}${name}`, value] as const] : [];
  });
}

export function readUsage(usage: unknown): UsageCounts {
  const merged = usage instanceof Merged;
  const whole = merged ? overwritten(usage.start, usage.last ?? {}) : objectOr(usage);
  const details = objectOr(whole.output_tokens_details);
  const required: readonly CountField[] = merged
    ? [
        ['message_start input_tokens', usage.start.input_tokens],
        ['message_start output_tokens', usage.start.output_tokens],
        ['message_delta output_tokens', usage.last?.output_tokens],
      ]
    : [
        ['input_tokens', whole.input_tokens],
        ['output_tokens', whole.output_tokens],
      ];
  const sent = merged
    ? [
        ...countsIn(usage.start, 'message_start '),
        ...countsIn(usage.last ?? {}, 'message_delta '),
        ...usage.odd,
      ]
    : countsIn(whole, '');
  return {
    prompt: promptOf(whole),
    completion: whole.output_tokens,
    total: undefined,
    // Outside of `input_tokens`.
    cached: undefined,
    reasoning: details.thinking_tokens,
    required,
    details: sent.filter(([name, value]) => !required.some(([known, is]) => known === name && is === value)),
    given: givenDetails(whole),
  };
}

export const usagePlaces: UsagePlaces = {
  at: [['usage'], ['message', 'usage']],
  isDetails: () => true,
  isCount: (name) => name.endsWith('_tokens'),
};

const MAX_ODD = 8;

/** The usage of a stream, event by event, and what contradicts itself in it. */
export class UsageReader {
  #start: JsonObject | null = null;
  #last: JsonObject | null = null;
  #odd: readonly CountField[] = [];
  #output: number | null = null;

  /** @param usage of the event that opens the stream; a second one says nothing */
  opening(usage: JsonObject): Merged {
    this.#start ??= usage;
    return this.#merged();
  }

  later(usage: JsonObject): { readonly usage: Merged; readonly breaches: readonly Breach[] } {
    this.#last = overwritten(this.#last ?? {}, usage);
    const odd = countsIn(usage, 'message_delta ').filter(([, value]) => !isCount(value));
    this.#odd = [...this.#odd, ...odd].slice(0, MAX_ODD);
    const [before, now] = [this.#output, usage.output_tokens];
    if (isCount(now)) this.#output = now;
    const falls = before !== null && isCount(now) && now < before;
    return {
      usage: this.#merged(),
      breaches: falls
        ? [breach('falls', `output_tokens ${before}, then ${now}`, { before, after: now })]
        : [],
    };
  }

  /** How the first and the last account of the prompt contradict each other. */
  ended(): readonly Breach[] {
    const [start, last] = [this.#start, this.#last];
    if (start === null || last === null) return [];
    const [before, after] = [promptOf(start), promptOf(overwritten(start, last))];
    if (!isCount(before) || !isCount(after)) return [];
    const numbers = { before, after };
    if (before !== after) {
      const detail = `${before} input tokens in message_start, ${after} at the end`;
      return before === 0
        ? [{ ...breach('deferred', detail, numbers), mild: true }]
        : [{ ...breach('contradicts', detail, numbers), promptInDoubt: true }];
    }
    const moved = OF_THE_PROMPT.filter((name) => {
      const both = [start[name], last[name]];
      return both.every(isCount) && both[0] !== both[1];
    });
    if (moved.length === 0) return [];
    const inWords = moved.map((name) => `${name} ${start[name]}, then ${last[name]}`);
    return [breach('moved', inWords.join('; '), numbers)];
  }

  #merged(): Merged {
    return new Merged(this.#start ?? {}, this.#last, this.#odd);
  }
}

function breach(
  cls: Extract<Breach, { rule: 'usage-consistent' }>['class'],
  detail: string,
  numbers: Readonly<Record<string, number>>,
): Extract<Breach, { rule: 'usage-consistent' }> {
  const expected =
    'the input counts of message_start in message_delta, too, and output_tokens that only grows';
  return { rule: 'usage-consistent', class: cls, expected, detail, numbers };
}
