import { MODEL } from './generation.ts';
import type { Habits } from './habits.ts';
import type { Json } from './request.ts';

export const CONTEXT_LENGTH = 2048;

export function modelList(habits: Habits): Json {
  const length = habits.traits?.contextLength ?? CONTEXT_LENGTH;
  const states = habits.states ?? 'max_model_len';
  const stated =
    states === 'max_model_len'
      ? { max_model_len: length }
      : states === 'meta'
        ? { meta: { n_ctx: length } }
        : {};
  return {
    object: 'list',
    data: [{ id: MODEL, object: 'model', created: 1_790_000_000, owned_by: 'toys', ...stated }],
  };
}
