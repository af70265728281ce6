/** What Responses answers: events, or one body, with the same response in both. */
import type { Chunk, StreamReader, UsagePlaces, Whole } from '../model/api.ts';
import type { Breach } from '../model/breach.ts';
import type { CountField, Envelope, UsageCounts } from '../model/exchange.ts';
import { isJsonObject, type JsonObject } from '../model/json.ts';
import { statedBy } from '../model/stated-error.ts';
import { givenDetails, NOTHING, objectOr, readError, text, usageField } from './fields.ts';
import { OutputReader, outputOf } from './responses-output.ts';
import { EventWatch } from './typed-events.ts';

export const COUNTS = { prompt: 'input_tokens', completion: 'output_tokens', total: 'total_tokens' } as const;
const DETAILS = [
  ['input_tokens_details', 'cached_tokens'],
  ['output_tokens_details', 'reasoning_tokens'],
] as const;

/** The events that end a stream. */
export const ENDS: readonly unknown[] = ['response.completed', 'response.incomplete', 'response.failed'];
export const LIMIT = 'incomplete (max_output_tokens)';

export function readUsage(usage: unknown): UsageCounts {
  const object = objectOr(usage);
  const details: readonly CountField[] = DETAILS.flatMap(([holder]) =>
    Object.entries(objectOr(object[holder])).flatMap(([name, value]) =>
      name.endsWith('_tokens') ? [[`${holder}.${name}`, value] as const] : [],
    ),
  );
  return {
    prompt: object[COUNTS.prompt],
    completion: object[COUNTS.completion],
    total: object[COUNTS.total],
    cached: objectOr(object.input_tokens_details).cached_tokens,
    reasoning: objectOr(object.output_tokens_details).reasoning_tokens,
    required: Object.values(COUNTS).map((name) => [name, object[name]] as const),
    details,
    given: givenDetails(object),
  };
}

export const usagePlaces: UsagePlaces = {
  at: [['response', 'usage'], ['usage']],
  isDetails: (key) => DETAILS.some(([holder]) => holder === key),
  isCount: (name, details) =>
    details === null ? Object.values<string>(COUNTS).includes(name) : name.endsWith('_tokens'),
};

const reasonOf = (response: JsonObject): unknown => objectOr(response.incomplete_details).reason;

/** Why it ended: the status, and for an incomplete answer the reason. */
function finishOf(response: JsonObject): unknown {
  const { status } = response;
  const reason = reasonOf(response);
  if (typeof status !== 'string') return status ?? null;
  return status === 'incomplete' && text(reason) !== '' ? `${status} (${text(reason)})` : status;
}

/** A whole answer that is still being made has no finish. */
const FINISHED: readonly unknown[] = ['completed', 'incomplete'];

const envelopeOf = ({ id, object, created_at, model }: JsonObject): Envelope => ({
  id,
  object,
  created_at,
  model,
});

const AGREES = 'a status that is what the last event is called';
const REASON = 'a reason in incomplete_details where status is incomplete, and none where it is completed';

/** @param event the type of the event that ended the stream; null in a whole answer */
function terminalBreaches(response: JsonObject, event: string | null): readonly Breach[] {
  const { status } = response;
  // Empty says as little as null.
  const reason = reasonOf(response) || null;
  const rule = 'terminal-status';
  const inWords = `status ${JSON.stringify(status)}`;
  const breaches: Breach[] = [];
  if (event !== null && typeof status === 'string' && event !== `response.${status}`)
    breaches.push({ rule, class: 'differs', expected: AGREES, detail: `${event} has ${inWords}` });
  if (status === 'incomplete' && reason === null)
    breaches.push({ rule, class: 'no-reason', expected: REASON, detail: `${inWords} and no reason` });
  if (status === 'completed' && reason !== null) {
    const detail = `${inWords} and the reason ${JSON.stringify(reason)}`;
    breaches.push({ rule, class: 'reason', expected: REASON, detail });
  }
  return breaches;
}

function detailBreaches({ usage }: JsonObject): readonly Breach[] {
  if (!isJsonObject(usage)) return [];
  const lacking = DETAILS.filter(([holder, name]) => (objectOr(usage[holder])[name] ?? null) === null);
  if (lacking.length === 0) return [];
  const inWords = lacking.map(([holder, name]) => {
    const isNull = usage[holder] === null || objectOr(usage[holder])[name] === null;
    return `${holder}.${name}${isNull ? ' (null)' : ''}`;
  });
  const expected = DETAILS.map((path) => path.join('.')).join(' and ');
  return [{ rule: 'usage-details', class: 'absent', expected, detail: inWords.join(', ') }];
}

export class ResponseReader implements StreamReader {
  readonly #watch = new EventWatch('response.created', { named: false, numbered: true });
  readonly #output = new OutputReader();
  #envelope: Envelope | null = null;

  read(value: JsonObject, event: string | undefined): Chunk {
    const breaches = this.#watch.event(value, event);
    if (ENDS.includes(value.type)) return this.#end(value, breaches);
    const said = { usage: { kind: 'absent' }, ends: false, breaches } as const;
    if (value.type === 'error') {
      const error = readError(value) ?? statedBy(value);
      return { ...said, choices: 'absent', envelope: this.#envelope, error };
    }
    const error = readError(value);
    if (isJsonObject(value.response)) {
      const field = usageField(value.response);
      // Only the end has to say it.
      const usage = field.kind === 'value' ? field : said.usage;
      const envelope = envelopeOf(value.response);
      if (envelope.id === undefined) return { ...said, usage, choices: 'absent', envelope: null, error };
      this.#envelope ??= envelope;
      return { ...said, usage, choices: [NOTHING], envelope, error };
    }
    const part = this.#output.piece(value);
    return { ...said, choices: part === null ? 'absent' : [part], envelope: this.#envelope, error };
  }

  ended(): readonly Breach[] {
    return this.#watch.ended();
  }

  foreign(): string | null {
    return this.#watch.foreign;
  }

  #end(value: JsonObject, breaches: readonly Breach[]): Chunk {
    const response = objectOr(value.response);
    const envelope = envelopeOf(response);
    if (value.type === 'response.failed') {
      const error = readError(response) ?? statedBy({ error: 'response.failed' });
      return { usage: { kind: 'absent' }, choices: 'absent', envelope, error, ends: true, breaches };
    }
    const part = { ...NOTHING, ...this.#output.rest(response.output), finish: finishOf(response) };
    return {
      usage: usageField(response),
      choices: [part],
      envelope,
      error: readError(value),
      ends: true,
      breaches: [...breaches, ...terminalBreaches(response, text(value.type)), ...detailBreaches(response)],
    };
  }
}

export function readWhole(value: unknown): Whole {
  const response = objectOr(value);
  const { status } = response;
  const whole = Array.isArray(response.output) && status !== undefined && status !== 'failed';
  const finish = FINISHED.includes(status) ? finishOf(response) : null;
  return {
    usage: usageField(response),
    choices: whole ? [{ ...NOTHING, ...outputOf(response.output), finish }] : 'absent',
    envelope: envelopeOf(response),
    fingerprint: null,
    breaches: [...terminalBreaches(response, null), ...detailBreaches(response)],
  };
}
