import type { Api } from '../model/api.ts';
import type { AnswerFacts, Body, Ending } from '../model/exchange.ts';
import { parseJson } from '../model/json.ts';
import { boundedFields, boundedRaw, boundedText, ownText, type Redact } from './bounded.ts';
import { ChoicesFold } from './choice-fold.ts';
import { hasMoreValues, MAX_BODY_VALUES, MAX_KEPT_VALUES } from './json-values.ts';
import { stopped } from './limits.ts';
import { redacted } from './redact.ts';
import { boundedCounts } from './usage-log.ts';

/** Characters of a body that an exchange keeps. */
const KEPT_TEXT = 16 * 1024;

const NO_ANSWER: AnswerFacts = {
  usage: { kind: 'absent' },
  counts: null,
  choices: null,
  envelope: { id: undefined },
  fingerprint: null,
};

/**
 * A whole body by its shape: JSON, text, or nothing. With `api` null (a look at an endpoint, nothing to judge) text and
 * value are kept whole; otherwise the text is cut at 16 KB, and
 * the value of a bigger body (or one of over 2,000 values) is null: a run keeps hundreds of exchanges.
 */
export function wholeBody(api: Api | null, text: string, ending: Ending, redact: Redact): Body {
  if (text.trim() === '') return { kind: 'empty', ending };
  const safe = redact(text);
  const kept = api === null ? safe : ownText(safe, KEPT_TEXT);
  if (hasMoreValues(text, MAX_BODY_VALUES)) {
    return {
      kind: 'text',
      ending: stopped('too-large', `a body of over ${MAX_BODY_VALUES} JSON values`),
      text: kept,
    };
  }
  // As it came: a key such as "1234" may well occur in a number, and what is left without it is no JSON.
  const value = parseJson(text);
  if (value === undefined) return { kind: 'text', ending, text: kept };
  const answer = api === null ? NO_ANSWER : readWhole(api, value, redact);
  const small = safe.length <= KEPT_TEXT && !hasMoreValues(safe, MAX_KEPT_VALUES);
  // A look at an endpoint finds the model's name, which is sent as it is; a report is redacted as a whole.
  const keptValue = api === null ? value : small ? redacted(value, redact) : null;
  return { kind: 'json', ending, value: keptValue, answer, text: kept };
}

function readWhole(api: Api, value: unknown, redact: Redact): AnswerFacts {
  try {
    const { usage, choices, envelope, fingerprint } = api.readWhole(value);
    const fold = new ChoicesFold();
    if (typeof choices !== 'string') for (const part of choices) fold.add(part);
    return {
      usage: usage.kind === 'value' ? { kind: 'value', value: boundedRaw(usage.value, redact) } : usage,
      counts: usage.kind === 'value' ? boundedCounts(api.readUsage(usage.value), redact) : null,
      choices: typeof choices === 'string' ? null : fold.facts(redact),
      envelope: boundedFields(envelope, redact),
      fingerprint: fingerprint === null ? null : boundedText(fingerprint, redact),
    };
  } catch {
    // Nested deeper than the stack: nothing in it can be read.
    return NO_ANSWER;
  }
}
