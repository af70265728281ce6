/** What OpenAI's chat and legacy completions share: usage, envelope, choices, errors and how usage is asked for. */

import type { Ask, ChoicePart, Chunk, Mode, UsageOption } from '../model/api.ts';
import type { Envelope, UsageCounts, UsageField } from '../model/exchange.ts';
import { isJsonObject, type JsonObject } from '../model/json.ts';

/** A field's three states. A key that is there with `null` is not an absent key. */
export function usageField(value: JsonObject): UsageField {
  if (!('usage' in value) || value['usage'] === undefined) return { kind: 'absent' };
  const usage = value['usage'];
  return usage === null ? { kind: 'null' } : { kind: 'value', value: usage };
}

const NAMES = { prompt: 'prompt_tokens', completion: 'completion_tokens', total: 'total_tokens' } as const;

/** CompletionUsage of openai-openapi; SGLang and others put `reasoning_tokens` at the top level. */
export function readUsage(usage: unknown): UsageCounts {
  const object: JsonObject = isJsonObject(usage) ? usage : {};
  const promptDetails = object['prompt_tokens_details'];
  const completionDetails = object['completion_tokens_details'];
  const details: Array<readonly [string, unknown]> = [];
  // Other objects in the usage are extras (timings, rates), which may hold fractions.
  for (const key of ['prompt_tokens_details', 'completion_tokens_details']) {
    const value = object[key];
    for (const [name, count] of isJsonObject(value) ? Object.entries(value) : []) {
      if (name.endsWith('_tokens')) details.push([`${key}.${name}`, count]);
    }
  }
  return {
    prompt: object[NAMES.prompt],
    completion: object[NAMES.completion],
    total: object[NAMES.total],
    cached: isJsonObject(promptDetails) ? promptDetails['cached_tokens'] : undefined,
    reasoning:
      (isJsonObject(completionDetails) ? completionDetails['reasoning_tokens'] : undefined) ??
      object['reasoning_tokens'],
    details,
    names: NAMES,
  };
}

export function readEnvelope(value: JsonObject): Envelope {
  return { id: value['id'], object: value['object'], created: value['created'], model: value['model'] };
}

/** The message of an error object or string in `error`; null where the chunk reports none. */
export function readError(value: JsonObject): string | null {
  const error = value['error'];
  if (error === undefined || error === null || error === false) return null;
  if (typeof error === 'string') return error;
  if (isJsonObject(error) && typeof error['message'] === 'string') return error['message'];
  return JSON.stringify(error);
}

/** `choices` as the chunk has it, each entry read by the API's own reader. */
export function readChoices(
  value: JsonObject,
  part: (choice: JsonObject) => Omit<ChoicePart, 'index' | 'finish' | 'tokenIds'>,
): Chunk['choices'] {
  const choices = value['choices'];
  if (choices === undefined) return 'absent';
  if (choices === null) return 'null';
  if (!Array.isArray(choices)) return 'not-a-list';
  return choices.map((choice: unknown) => {
    const object: JsonObject = isJsonObject(choice) ? choice : {};
    const index = object['index'];
    const finish = object['finish_reason'];
    const ids = object['token_ids'] ?? object['tokens'];
    return {
      index: typeof index === 'number' && Number.isInteger(index) && index >= 0 ? index : undefined,
      finish: typeof finish === 'string' && finish !== '' ? finish : null,
      tokenIds: Array.isArray(ids) ? ids.length : null,
      ...part(object),
    };
  });
}

/** A string field, or '' for anything else. */
export function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

const STREAM_OPTIONS: Record<UsageOption, JsonObject> = {
  asked: { stream_options: { include_usage: true } },
  false: { stream_options: { include_usage: false } },
  null: { stream_options: null },
  empty: { stream_options: {} },
  unasked: {},
  '-': {},
};

/** The fields that both APIs name alike. Deterministic unless the scenario asks for warmth. */
export function sharedBody(ask: Ask, mode: Mode, option: UsageOption, seed: number): JsonObject {
  return {
    [ask.limitName ?? 'max_tokens']: ask.limit,
    temperature: ask.temperature ?? 0,
    seed: seed & 0x7fffffff,
    ...(ask.n === undefined ? {} : { n: ask.n }),
    ...(ask.stop === undefined ? {} : { stop: ask.stop }),
    ...(ask.penalties === undefined
      ? {}
      : { frequency_penalty: ask.penalties, presence_penalty: ask.penalties }),
    ...(mode === 'stream' ? { stream: true, ...STREAM_OPTIONS[option] } : {}),
  };
}

/** Usage is asked for by an option in streams only. */
export const OPENAI_STREAM_OPTIONS: readonly UsageOption[] = ['asked', 'unasked', 'false', 'null', 'empty'];
