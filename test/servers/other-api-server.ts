/** Servers of APIs that are not OpenAI's two: correct by themselves, and as faulty as their habits make them. */
import { type Answer, answer, type ModelTraits } from './answer.ts';
import { MODEL } from './generation.ts';
import type { Habits, PlainAnswer } from './habits.ts';
import { CONTEXT_LENGTH } from './model-list.ts';
import { startServer } from './model-server.ts';
import { type Generation, isJson, type Json, Refused } from './request.ts';

export { MODEL };

/** One step of a stream: an object, by the name of its event where it has one, or bytes as they are. */
export type Step = { readonly json: Json; readonly name?: string } | { readonly raw: string };

/** What a hook may know about the request. */
export interface Asked extends Generation {
  /** 1 for the first request of this server. */
  readonly number: number;
  /** How often the same prompt came before; and in the same mode. */
  readonly seen: number;
  readonly seenInMode: number;
}

/** What an API makes of a request and of its answer. */
export interface Speech {
  readonly path: string;
  /** Where streams are asked for; then the paths also name the model, and `read` finds both in the body. */
  readonly streamPath?: string;
  readonly framing: 'sse' | 'ndjson';
  /** @throws Refused */
  read(body: Json): Generation;
  refusal(message: string): string;
  stream(asked: Asked, made: Answer): readonly Step[];
  whole(asked: Asked, made: Answer): unknown;
  /** Where prompts are counted without being answered; `limit`: what `read` wants besides. */
  readonly count?: { readonly path: string; readonly limit: Json };
}

export interface OtherHabits {
  readonly traits?: Partial<ModelTraits>;
  /** Instead of an answer. */
  readonly instead?: (asked: Asked) => PlainAnswer | 'hang' | 'close' | undefined;
  readonly mapLimit?: (limit: number, asked: Asked) => number;
  readonly mapAnswer?: (made: Answer, asked: Asked) => Answer;
  readonly mapSteps?: (steps: readonly Step[], asked: Asked) => readonly Step[];
  readonly mapBody?: (body: unknown, asked: Asked) => unknown;
  /** The encoded stream. */
  readonly mapWire?: (wire: string, asked: Asked) => string;
  readonly headers?: Record<string, string>;
  /** The connection breaks off behind the stream. */
  readonly cuts?: (asked: Asked) => boolean;
  /** What the count endpoint answers in place of the prompt's tokens; null: it is not there. */
  readonly count?: ((tokens: number, asked: Generation) => number | PlainAnswer) | null;
  /** A prompt over the context is cut to it, and not refused. */
  readonly truncates?: boolean;
  /** What the server is besides: how it speaks OpenAI's APIs, how it lists its model. */
  readonly beside?: Habits;
}

export const encoded = (steps: readonly Step[], framing: Speech['framing']): string =>
  steps
    .map((step) => {
      if ('raw' in step) return step.raw;
      const text = JSON.stringify(step.json);
      if (framing === 'ndjson') return `${text}\n`;
      return `${step.name === undefined ? '' : `event: ${step.name}\n`}data: ${text}\n\n`;
    })
    .join('');

const TYPES = { sse: 'text/event-stream; charset=utf-8', ndjson: 'application/x-ndjson' } as const;

class Host {
  readonly #speech: Speech;
  readonly #habits: OtherHabits;
  readonly #seen = new Map<string, number>();
  #requests = 0;

  constructor(speech: Speech, habits: OtherHabits) {
    this.#speech = speech;
    this.#habits = habits;
  }

  /** Undefined: it is not the path of this API. */
  respond(path: string, text: string): PlainAnswer | 'hang' | 'close' | undefined {
    const { path: plain, streamPath } = this.#speech;
    if (path !== plain && path !== streamPath) return undefined;
    const refuse = (message: string, status = 400): PlainAnswer => ({
      status,
      body: this.#speech.refusal(message),
    });
    let body: unknown;
    try {
      body = JSON.parse(text);
    } catch {
      return refuse('the body is no JSON');
    }
    if (isJson(body) && streamPath !== undefined)
      body =
        'model' in body || 'stream' in body ? null : { ...body, model: MODEL, stream: path === streamPath };
    if (!isJson(body) || body.model !== MODEL) return refuse('the request is not valid');
    try {
      return this.#answer(this.#asked(this.#speech.read(body)), refuse);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      return refuse(error.refusal.message, error.refusal.status);
    }
  }

  /** What the count endpoint answers; undefined: there is none. */
  counted(text: string): PlainAnswer | undefined {
    const { count } = this.#habits;
    if (count === null || this.#speech.count === undefined) return undefined;
    const asked = this.#speech.read({ ...JSON.parse(text), ...this.#speech.count.limit });
    const [tokens = 0] = asked.promptTokens;
    const told = count?.(tokens, asked) ?? tokens;
    return typeof told === 'number' ? { status: 200, body: JSON.stringify({ input_tokens: told }) } : told;
  }

  #asked(generation: Generation): Asked {
    this.#requests += 1;
    const prompt = JSON.stringify([generation.prompts, generation.tools]);
    const before = (key: string) => {
      const count = this.#seen.get(key) ?? 0;
      this.#seen.set(key, count + 1);
      return count;
    };
    const seenInMode = before(`${generation.mode} ${prompt}`);
    return { ...generation, number: this.#requests, seen: before(prompt), seenInMode };
  }

  #answer(asked: Asked, refuse: (message: string) => PlainAnswer): PlainAnswer | 'hang' | 'close' {
    const { instead, mapLimit, mapAnswer, mapSteps, mapBody, mapWire, headers, cuts, traits, truncates } =
      this.#habits;
    const plain = instead?.(asked);
    if (plain !== undefined) return plain;
    const context = traits?.contextLength ?? CONTEXT_LENGTH;
    const longest = Math.max(...asked.promptTokens);
    if (longest + asked.limit > context && truncates !== true)
      return refuse(`the prompt is too long: ${longest} of ${context} tokens`);
    const limit = mapLimit?.(asked.limit, asked) ?? asked.limit;
    const promptTokens = asked.promptTokens.map((tokens) => Math.min(tokens, context - asked.limit));
    const fitting = { ...asked, limit, promptTokens };
    const made = answer(fitting, asked.number, { contextLength: context, ...traits });
    const told = mapAnswer?.(made, asked) ?? made;
    const { framing } = this.#speech;
    if (asked.mode === 'stream') {
      const steps = this.#speech.stream(fitting, told);
      const wire = encoded(mapSteps?.(steps, asked) ?? steps, framing);
      return {
        status: 200,
        headers: { 'content-type': TYPES[framing], ...headers },
        body: mapWire?.(wire, asked) ?? wire,
        cut: cuts?.(asked) ?? false,
      };
    }
    const whole = this.#speech.whole(fitting, told);
    return { status: 200, body: JSON.stringify(mapBody ? mapBody(whole, asked) : whole) };
  }
}

/** A server that speaks OpenAI's two APIs and these. */
export async function startOthers(
  speeches: readonly (readonly [Speech, OtherHabits])[],
  beside: Habits = {},
): Promise<{ readonly url: string; readonly close: () => Promise<void> }> {
  const hosts = speeches.map(([speech, habits]) => ({ speech, host: new Host(speech, habits) }));
  return await startServer({
    ...beside,
    elsewhere: (path, body) =>
      hosts.map(({ host }) => host.respond(path, body)).find((found) => found !== undefined) ??
      hosts.find(({ speech }) => speech.count?.path === path)?.host.counted(body),
  });
}

export const startOther = (speech: Speech, habits: OtherHabits = {}) =>
  startOthers([[speech, habits]], habits.beside);

/** The only answer to a request for one. */
export function only({ choices: [choice] }: Answer): Answer['choices'][number] {
  if (choice === undefined) throw new Error('no answer was made');
  return choice;
}

/** As much of a warm prompt as comes out of the cache. */
export const cachedOf = (asked: Asked, tokens: number): number =>
  asked.seen > 0 ? Math.max(0, tokens - 1) : 0;

/** Each step with a number that grows, and an id of its own for each answer. */
let made = 0;
export function fresh(prefix: string): string {
  made += 1;
  return `${prefix}_${made}`;
}
