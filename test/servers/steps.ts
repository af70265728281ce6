/** Edits of streams of other APIs: what a faulty server does to its steps. */
import type { Asked, OtherHabits, Step } from './other-api-server.ts';
import { isJson, type Json } from './request.ts';

export type StepTest = (json: Json) => boolean;
type Edit = (list: readonly Step[]) => readonly Step[];

/** Habits that rewrite the steps of each stream. */
export const stream = (...edits: Edit[]): OtherHabits => ({
  mapSteps: (list) => edits.reduce((made, edit) => edit(made), list),
});

const passes = (test: StepTest, step: Step) => 'json' in step && test(step.json);

/** Events of these types. */
export const typed =
  (...types: string[]): StepTest =>
  ({ type }) =>
    types.includes(String(type));

export const without =
  (test: StepTest): Edit =>
  (list) =>
    list.filter((step) => !passes(test, step));

/** Changes objects; undefined values take their keys out. */
export const changed =
  (test: StepTest, change: (json: Json, at: number) => Json): Edit =>
  (list) => {
    let at = 0;
    return list.map((step) =>
      'json' in step && test(step.json)
        ? { ...step, json: { ...step.json, ...change(step.json, at++) } }
        : step,
    );
  };

/** Changes what an object holds in a field. */
export const within =
  (field: string, change: (held: Json) => Json) =>
  (json: Json): Json => {
    const held = json[field];
    return isJson(held) ? { [field]: { ...held, ...change(held) } } : {};
  };

export const renamed =
  (test: StepTest, name: (json: Json) => string | undefined): Edit =>
  (list) =>
    list.map((step) => {
      if (!('json' in step) || !test(step.json)) return step;
      const given = name(step.json);
      return given === undefined ? { json: step.json } : { json: step.json, name: given };
    });

export const before =
  (test: StepTest, ...added: Step[]): Edit =>
  (list) => {
    const at = list.findIndex((step) => passes(test, step));
    return at < 0 ? [...list, ...added] : [...list.slice(0, at), ...added, ...list.slice(at)];
  };

export const appended =
  (...added: Step[]): Edit =>
  (list) => [...list, ...added];

/** The first such step once more, behind the last. */
export const again =
  (test: StepTest): Edit =>
  (list) => [...list, ...list.filter((step) => passes(test, step)).slice(0, 1)];

/** The first such step, behind the n-th other. */
export const delayed =
  (test: StepTest, places: number): Edit =>
  (list) => {
    const step = list.find((one) => passes(test, one));
    if (step === undefined) return list;
    const rest = list.filter((one) => one !== step);
    return [...rest.slice(0, places), step, ...rest.slice(places)];
  };

export const named = (json: Json): Step => ({ json, name: String(json.type) });

/** The same habits, but only where the condition holds. */
export function when(condition: (asked: Asked) => boolean, habits: OtherHabits): OtherHabits {
  const { mapAnswer, mapSteps, mapBody, mapLimit, mapWire, instead } = habits;
  return {
    ...habits,
    ...(mapAnswer && { mapAnswer: (made, asked) => (condition(asked) ? mapAnswer(made, asked) : made) }),
    ...(mapSteps && { mapSteps: (list, asked) => (condition(asked) ? mapSteps(list, asked) : list) }),
    ...(mapBody && { mapBody: (body, asked) => (condition(asked) ? mapBody(body, asked) : body) }),
    ...(mapLimit && { mapLimit: (limit, asked) => (condition(asked) ? mapLimit(limit, asked) : limit) }),
    ...(mapWire && { mapWire: (wire, asked) => (condition(asked) ? mapWire(wire, asked) : wire) }),
    ...(instead && { instead: (asked) => (condition(asked) ? instead(asked) : undefined) }),
  };
}

export const streaming = ({ mode }: Asked) => mode === 'stream';
export const plain = ({ mode }: Asked) => mode === 'nonstream';

/** Changes a whole answer that is one object. */
export const whole = (change: (body: Json) => Json): OtherHabits => ({
  mapBody: (body) => (isJson(body) ? { ...body, ...change(body) } : body),
});

/** What happens to the numbers that are told, whatever the API. */
export const prompts = (count: (tokens: number, asked: Asked) => number): OtherHabits => ({
  mapAnswer: (made, asked) => ({ ...made, promptTokens: count(made.promptTokens, asked) }),
});

export const completions = (
  count: (tokens: number, finish: string, asked: Asked) => number,
): OtherHabits => ({
  mapAnswer: (made, asked) => ({
    ...made,
    choices: made.choices.map((one) => ({ ...one, tokens: count(one.tokens, one.finish, asked) })),
  }),
});
