/** What Messages answers: blocks of content, event by event or in one body. */
import type { ChoicePart, Chunk, StreamReader, Whole } from '../model/api.ts';
import type { Breach } from '../model/breach.ts';
import type { Envelope } from '../model/exchange.ts';
import { isJsonObject, type JsonObject } from '../model/json.ts';
import { NOTHING, objectOr, readError, text, usageField } from './fields.ts';
import { UsageReader } from './messages-usage.ts';
import { EventWatch } from './typed-events.ts';

/** A block of content as it begins or stands in a whole answer. */
function blockPart(block: JsonObject): ChoicePart {
  const input = isJsonObject(block.input) && Object.keys(block.input).length > 0 ? block.input : null;
  return {
    ...NOTHING,
    text: text(block.text),
    reasoning: text(block.thinking),
    toolCalls:
      block.type === 'tool_use' ? text(block.name) + (input === null ? '' : JSON.stringify(input)) : '',
  };
}

/** What a delta adds to its block; signatures and citations add nothing that was generated. */
function deltaPart(delta: JsonObject): ChoicePart {
  return {
    ...NOTHING,
    text: text(delta.text),
    reasoning: text(delta.thinking),
    toolCalls: text(delta.partial_json),
  };
}

const envelopeOf = (message: JsonObject): Envelope => ({
  id: message.id,
  type: message.type,
  role: message.role,
  model: message.model,
});

const stopSequence = ({ stop_sequence: sequence }: JsonObject) =>
  typeof sequence === 'string' ? { stoppedBy: sequence } : {};

/** What may come once the stop reason has. */
const CLOSING: readonly unknown[] = ['ping', 'message_delta', 'message_stop'];

export class MessageReader implements StreamReader {
  readonly #watch = new EventWatch('message_start', { named: true, numbered: false, idle: 'ping' });
  readonly #usage = new UsageReader();
  #envelope: Envelope | null = null;
  #finish: unknown = null;

  read(value: JsonObject, event: string | undefined): Chunk {
    const breaches = [...this.#watch.event(value, event), ...this.#afterFinish(value)];
    const chunk = this.#chunk(value);
    return { ...chunk, envelope: this.#envelope, breaches: [...breaches, ...(chunk.breaches ?? [])] };
  }

  ended(): readonly Breach[] {
    return [...this.#watch.ended(), ...this.#usage.ended()];
  }

  foreign(): string | null {
    return this.#watch.foreign;
  }

  #chunk(value: JsonObject): Omit<Chunk, 'envelope'> {
    const said = { usage: { kind: 'absent' }, choices: 'absent', error: null, ends: false } as const;
    switch (value.type) {
      case 'message_start': {
        const message = objectOr(value.message);
        this.#envelope ??= envelopeOf(message);
        const field = usageField(message);
        const choices = [NOTHING];
        if (field.kind !== 'value') return { ...said, usage: field, choices };
        return {
          ...said,
          usage: { kind: 'value', value: this.#usage.opening(objectOr(field.value)) },
          choices,
        };
      }
      case 'content_block_start':
        return { ...said, choices: [blockPart(objectOr(value.content_block))] };
      case 'content_block_delta':
        return { ...said, choices: [deltaPart(objectOr(value.delta))] };
      case 'message_delta':
        return { ...said, ...this.#laterUsage(value), ...this.#stopReason(objectOr(value.delta)) };
      case 'message_stop':
        return { ...said, ends: true };
      case 'ping':
        return { ...said, idle: true };
      default:
        return { ...said, error: readError(value) };
    }
  }

  #laterUsage(value: JsonObject): Pick<Chunk, 'usage' | 'breaches'> {
    const field = usageField(value);
    if (field.kind !== 'value') return { usage: field };
    const { usage, breaches } = this.#usage.later(objectOr(field.value));
    return { usage: { kind: 'value', value: usage }, breaches };
  }

  /** It may come several times, as long as it stays the same. */
  #stopReason(delta: JsonObject): Partial<Pick<Chunk, 'choices'>> {
    const finish = delta.stop_reason ?? null;
    if (finish === null || finish === this.#finish) return {};
    this.#finish = finish;
    return { choices: [{ ...NOTHING, finish, ...stopSequence(delta) }] };
  }

  #afterFinish({ type }: JsonObject): readonly Breach[] {
    if (this.#finish === null || CLOSING.includes(type)) return [];
    const expected = 'nothing but message_delta, message_stop and ping after the first stop_reason';
    return [{ rule: 'usage-last', class: 'followed', expected, detail: `${text(type)} came after it` }];
  }
}

export function readWhole(value: unknown): Whole {
  const message = objectOr(value);
  const { content } = message;
  const finish = message.stop_reason ?? null;
  return {
    usage: usageField(message),
    choices: Array.isArray(content)
      ? [
          ...content.map((block) => blockPart(objectOr(block))),
          { ...NOTHING, finish, ...stopSequence(message) },
        ]
      : 'absent',
    envelope: envelopeOf(message),
    fingerprint: null,
  };
}
