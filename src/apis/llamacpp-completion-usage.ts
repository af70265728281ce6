/** What llama.cpp's own completion says of usage: on each object, and twice on the one that ends an answer. */
import { isCount } from '../model/answer.ts';
import type { Breach } from '../model/breach.ts';
import type { CountField, UsageCounts, UsageField } from '../model/exchange.ts';
import type { JsonObject } from '../model/json.ts';
import { objectOr } from './fields.ts';

export const PROMPT = 'tokens_evaluated';
export const COMPLETION = 'tokens_predicted';
const TIMINGS = ['cache_n', 'prompt_n', 'predicted_n'] as const;

/** What of an object's fields says how much was used. */
export function countsOf(value: JsonObject): JsonObject {
  const timings = objectOr(value.timings);
  return {
    [PROMPT]: value[PROMPT],
    [COMPLETION]: value[COMPLETION],
    timings: Object.fromEntries(TIMINGS.map((name) => [name, timings[name]])),
  };
}

/** The counts of the answers to several prompts, by index. */
export class Listed {
  readonly byIndex: ReadonlyMap<number, JsonObject>;

  constructor(byIndex: ReadonlyMap<number, JsonObject>) {
    this.byIndex = byIndex;
  }
}

/** Of the object that ends an answer. */
export function usageOf(value: JsonObject): UsageField {
  const sent = [value[PROMPT], value[COMPLETION]].filter((count) => count !== undefined);
  if (sent.length === 0) return { kind: 'absent' };
  return sent.every((count) => count === null) ? { kind: 'null' } : { kind: 'value', value: countsOf(value) };
}

function fieldsOf(counts: JsonObject, where: string): Pick<UsageCounts, 'required' | 'details'> {
  const timings = objectOr(counts.timings);
  const named = (name: string, value: unknown): CountField => [`${where}${name}`, value];
  return {
    required: [PROMPT, COMPLETION].map((name) => named(name, counts[name])),
    details: TIMINGS.filter((name) => timings[name] !== undefined).map((name) =>
      named(`timings.${name}`, timings[name]),
    ),
  };
}

const single = (counts: JsonObject): UsageCounts => ({
  prompt: counts[PROMPT],
  completion: counts[COMPLETION],
  total: undefined,
  cached: objectOr(counts.timings).cache_n,
  reasoning: undefined,
  ...fieldsOf(counts, ''),
});

/** A sum; where one is no count, that one. */
const sumOf = (values: readonly unknown[]): unknown =>
  values.every(isCount)
    ? values.reduce((sum, value) => sum + value, 0)
    : values.find((value) => !isCount(value));

export function readUsage(usage: unknown): UsageCounts {
  if (!(usage instanceof Listed)) return single(objectOr(usage));
  const lists = [...usage.byIndex].sort(([a], [b]) => a - b);
  const each = lists.map(([, counts]) => single(counts));
  const fields = lists.map(([index, counts]) => fieldsOf(counts, `index ${index} `));
  return {
    prompt: sumOf(each.map(({ prompt }) => prompt)),
    completion: sumOf(each.map(({ completion }) => completion)),
    total: undefined,
    cached: undefined,
    reasoning: undefined,
    required: fields.flatMap(({ required }) => required),
    details: fields.flatMap(({ details }) => details),
    each: each.map(({ prompt, completion }) => ({ prompt, completion })),
  };
}

type Way = Extract<Breach, { rule: 'usage-consistent' }>['class'];

const breach = (cls: Way, detail: string, numbers: Readonly<Record<string, number>>): Breach => ({
  rule: 'usage-consistent',
  class: cls,
  expected: `the same ${PROMPT} everywhere, ${COMPLETION} that only grows, and timings that say the same`,
  detail,
  numbers,
});

/** How the counts that end an answer contradict its timings. */
export function timingBreaches(value: JsonObject): readonly Breach[] {
  if (value.truncated === true) return [];
  const { cache_n: cached, prompt_n: prompt, predicted_n: predicted } = objectOr(value.timings);
  const { [PROMPT]: evaluated, [COMPLETION]: made } = value;
  const breaches: Breach[] = [];
  if (isCount(made) && isCount(predicted) && made !== predicted) {
    const detail = `${COMPLETION} ${made}, timings.predicted_n ${predicted}`;
    breaches.push(breach('contradicts', detail, { reported: made, expected: predicted }));
  }
  const cachedToo = isCount(cached);
  if (isCount(evaluated) && isCount(prompt) && (cachedToo || cached === undefined || cached === null)) {
    const due = prompt + (cachedToo ? cached : 0);
    if (cachedToo ? evaluated !== due : evaluated < due) {
      const sum = cachedToo
        ? `timings.prompt_n ${prompt} + timings.cache_n ${cached}`
        : `timings.prompt_n ${prompt}`;
      breaches.push(
        breach('contradicts', `${PROMPT} ${evaluated}, ${sum}`, { reported: evaluated, expected: due }),
      );
    }
  }
  return breaches;
}

/** The counts on the objects of one answer before its end. */
export class RunningCounts {
  #evaluated: number | null = null;
  /** The first that was not like those before. */
  #moved: number | null = null;
  #most = 0;
  #fell: number | null = null;

  add(value: JsonObject): void {
    const { [PROMPT]: evaluated, [COMPLETION]: made } = value;
    if (isCount(evaluated)) {
      this.#evaluated ??= evaluated;
      if (evaluated !== this.#evaluated) this.#moved ??= evaluated;
    }
    if (isCount(made)) {
      if (made < this.#most) this.#fell ??= made;
      this.#most = Math.max(this.#most, made);
    }
  }

  /** How they contradict each other, and the last. @param value the object that ends the answer */
  breaches(value: JsonObject): readonly Breach[] {
    const { [PROMPT]: evaluated, [COMPLETION]: made } = value;
    if (value.truncated === true) return [];
    const breaches: Breach[] = [];
    const other = isCount(evaluated) && evaluated !== this.#evaluated ? evaluated : this.#moved;
    if (this.#evaluated !== null && other !== null) {
      const detail = `${PROMPT} ${this.#evaluated} on the first object, then ${other}`;
      breaches.push(breach('moved', detail, { before: this.#evaluated, after: other }));
    }
    const after = this.#fell ?? made;
    if (isCount(after) && after < this.#most) {
      const detail = `${COMPLETION} ${this.#most}, then ${after}`;
      breaches.push(breach('falls', detail, { before: this.#most, after }));
    }
    return breaches;
  }
}
