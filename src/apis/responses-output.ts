/** What Responses says it generated: item by item in a whole answer, piece by piece in a stream. */
import type { ChoicePart } from '../model/api.ts';
import type { JsonObject } from '../model/json.ts';
import { NOTHING, objectOr, text } from './fields.ts';

type Kind = 'text' | 'reasoning' | 'toolCalls';
export type Delivered = Pick<ChoicePart, Kind>;

const listOf = (value: unknown): readonly JsonObject[] => (Array.isArray(value) ? value : []).map(objectOr);
const joined = (parts: readonly JsonObject[]) =>
  parts.map((part) => text(part.text) + text(part.refusal)).join('');

/** An item of `output`. */
function itemPart(item: JsonObject): Delivered {
  const made = { text: '', reasoning: '', toolCalls: '' };
  switch (item.type) {
    case 'reasoning':
      return { ...made, reasoning: joined(listOf(item.summary)) + joined(listOf(item.content)) };
    case 'function_call':
      return { ...made, toolCalls: text(item.name) + text(item.arguments) };
    default:
      return { ...made, text: joined(listOf(item.content)) };
  }
}

/** All that the items of `output` say. */
export function outputOf(output: unknown): Delivered {
  const parts = listOf(output).map(itemPart);
  const of = (kind: Kind) => parts.map((part) => part[kind]).join('');
  return { text: of('text'), reasoning: of('reasoning'), toolCalls: of('toolCalls') };
}

/** Events with a piece of what was generated, and those that say the whole of it once more. */
const PIECES: ReadonlyMap<unknown, { readonly kind: Kind; readonly field: string; readonly again?: true }> =
  new Map([
    ['response.output_text.delta', { kind: 'text', field: 'delta' }],
    ['response.output_text.done', { kind: 'text', field: 'text', again: true }],
    ['response.refusal.delta', { kind: 'text', field: 'delta' }],
    ['response.refusal.done', { kind: 'text', field: 'refusal', again: true }],
    ['response.reasoning_text.delta', { kind: 'reasoning', field: 'delta' }],
    ['response.reasoning_text.done', { kind: 'reasoning', field: 'text', again: true }],
    ['response.reasoning_summary_text.delta', { kind: 'reasoning', field: 'delta' }],
    ['response.reasoning_summary_text.done', { kind: 'reasoning', field: 'text', again: true }],
    ['response.function_call_arguments.delta', { kind: 'toolCalls', field: 'delta' }],
    ['response.function_call_arguments.done', { kind: 'toolCalls', field: 'arguments', again: true }],
  ]);

const MAX_PARTS = 64;

/** Which part of the answer a piece belongs to. */
const placeOf = (kind: Kind, { item_id, output_index, content_index, summary_index }: JsonObject): string =>
  [kind, item_id, output_index, content_index, summary_index]
    .map((one) => String(one).slice(0, 80))
    .join(' ');

/** What a stream delivers: where a server sends no pieces, what it says at their end, or in the last snapshot. */
export class OutputReader {
  /** Pieces came since the last such whole. */
  readonly #open = { text: false, reasoning: false, toolCalls: false };
  /** Parts of which pieces came: those of several may be mixed. */
  readonly #streamed = new Set<string>();
  readonly #delivered = { text: false, reasoning: false, toolCalls: false };

  /** What an event adds; null where it is none of those that do. */
  piece(event: JsonObject): ChoicePart | null {
    if (event.type === 'response.output_item.added') {
      const item = objectOr(event.item);
      return item.type === 'function_call' ? { ...NOTHING, toolCalls: text(item.name) } : null;
    }
    const piece = PIECES.get(event.type);
    if (piece === undefined) return null;
    const { kind, field, again } = piece;
    const said = text(event[field]);
    const place = placeOf(kind, event);
    const known = again === true && (this.#open[kind] || this.#streamed.has(place));
    this.#open[kind] = again !== true && (this.#open[kind] || said !== '');
    if (again !== true && said !== '' && this.#streamed.size < MAX_PARTS) this.#streamed.add(place);
    if (said === '' || known) return null;
    this.#delivered[kind] = true;
    return { ...NOTHING, [kind]: said };
  }

  /** Of the last snapshot what did not come before. */
  rest(output: unknown): Delivered {
    const all = outputOf(output);
    const of = (kind: Kind) => (this.#delivered[kind] ? '' : all[kind]);
    return { text: of('text'), reasoning: of('reasoning'), toolCalls: of('toolCalls') };
  }
}
