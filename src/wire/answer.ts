import type { Api } from '../model/api.ts';
import type { AnswerFacts, Body, Ending, SentRequest, UsageText } from '../model/exchange.ts';
import { parseJson } from '../model/json.ts';
import { excessOf } from '../text/json-extent.ts';
import { boundedFields, boundedRaw, boundedText, ownText, type Redact } from './bounded.ts';
import { BreachLog } from './breach-log.ts';
import { ChoicesFold } from './choice-fold.ts';
import { redacted } from './redact.ts';
import { boundedCounts } from './usage-log.ts';
import { readUsageText } from './usage-text.ts';

/** Characters of a body that an exchange keeps. */
const KEPT_TEXT = 16 * 1024;
/** Values of a JSON body that an exchange keeps. */
const KEPT_VALUES = 2000;

const NO_ANSWER: AnswerFacts = {
  usage: { kind: 'absent' },
  counts: null,
  usageText: null,
  choices: null,
  envelope: { id: undefined },
  fingerprint: null,
  unfinished: null,
  breaches: [],
};

/**
 * A whole body by its shape: JSON, text, or nothing. The text is cut at 16 KB, and the value of a bigger body (or one of
 * over 2,000 values) is null, since a run keeps hundreds of exchanges; it is there with `api` null: a look at an endpoint,
 * with nothing to judge. The text is one that `JsonExtent` lets pass.
 */
export function wholeBody(
  { api, request }: { readonly api: Api | null; readonly request?: SentRequest['body'] },
  pieces: string[],
  ending: Ending,
  redact: Redact,
): Body {
  const { value, usageText, kept, small } = readText(api, pieces, redact);
  if (kept === '') return { kind: 'empty', ending };
  if (value === undefined) return { kind: 'text', ending, text: kept };
  const answer = api === null ? NO_ANSWER : readWhole(api, { value, usageText }, request ?? null, redact);
  // A look at an endpoint finds the model's name, which is sent as it is; a report is redacted as a whole.
  const keptValue = api === null ? value : small ? redacted(value, redact) : null;
  return { kind: 'json', ending, value: keptValue, answer, text: kept };
}

interface ReadText {
  /** undefined: no JSON. */
  readonly value: unknown;
  readonly usageText: UsageText | null;
  /** '' where the text is blank. */
  readonly kept: string;
  readonly small: boolean;
}

/** Takes the pieces: neither they nor the whole text are there any more while the value is read. */
function readText(api: Api | null, pieces: string[], redact: Redact): ReadText {
  const text = pieces.splice(0).join('');
  if (text.trim() === '') return { value: undefined, usageText: null, kept: '', small: true };
  const safe = redact(text);
  // As it came: a key such as "1234" may well occur in a number, and what is left without it is no JSON.
  const value = parseJson(text);
  return {
    value,
    usageText: api === null || value === undefined ? null : readUsageText(api, text, redact),
    kept: ownText(safe, KEPT_TEXT),
    small: safe.length <= KEPT_TEXT && excessOf(safe, KEPT_VALUES) === null,
  };
}

function readWhole(
  api: Api,
  { value, usageText }: { readonly value: unknown; readonly usageText: UsageText | null },
  request: SentRequest['body'],
  redact: Redact,
): AnswerFacts {
  const whole = api.readWhole(value, request);
  const { usage, choices, envelope, fingerprint, unfinished } = whole;
  const breaches = new BreachLog(redact);
  for (const breach of whole.breaches ?? []) breaches.add(breach, () => null);
  const fold = new ChoicesFold(redact);
  if (typeof choices !== 'string') for (const part of choices) fold.add(part);
  return {
    usage: usage.kind === 'value' ? { kind: 'value', value: boundedRaw(usage.value, redact) } : usage,
    counts: usage.kind === 'value' ? boundedCounts(api.readUsage(usage.value), redact) : null,
    usageText: usage.kind === 'value' ? usageText : null,
    choices: typeof choices === 'string' ? null : fold.facts(),
    envelope: boundedFields(envelope, redact),
    fingerprint: fingerprint === null ? null : boundedText(fingerprint, redact),
    unfinished: unfinished === undefined ? null : boundedText(unfinished, redact),
    breaches: breaches.list(),
  };
}
