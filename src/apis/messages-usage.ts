/** What Messages says of usage: two events say it together, and the prompt's tokens are the sum of three counts. */
import { isCount } from '../model/answer.ts';
import type { UsagePlaces } from '../model/api.ts';
import type { CountField, UsageCounts } from '../model/exchange.ts';
import { isJsonObject, type JsonObject } from '../model/json.ts';
import { givenDetails, objectOr } from './fields.ts';

/** Usage comes in two events, and what the later one leaves out or says null to, the earlier one still says. */
export class Merged {
  readonly start: JsonObject;
  /** null: no event after the first had a usage. */
  readonly last: JsonObject | null;

  constructor(start: JsonObject, last: JsonObject | null) {
    this.start = start;
    this.last = last;
  }
}

export function overwritten(usage: JsonObject, by: JsonObject): JsonObject {
  const sent = Object.entries(by).filter(([, value]) => value !== null && value !== undefined);
  return { ...usage, ...Object.fromEntries(sent) };
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
    ? [...countsIn(usage.start, 'message_start '), ...countsIn(usage.last ?? {}, 'message_delta ')]
    : countsIn(whole, '');
  return {
    prompt: promptOf(whole),
    completion: whole.output_tokens,
    total: undefined,
    // Outside of `input_tokens`.
    cached: undefined,
    reasoning: details.thinking_tokens,
    required,
    details: sent.filter(([name]) => !required.some(([known]) => known === name)),
    given: givenDetails(whole),
  };
}

export const usagePlaces: UsagePlaces = {
  at: [['usage'], ['message', 'usage']],
  isDetails: () => true,
  isCount: (name) => name.endsWith('_tokens'),
};
