import { apis } from '../apis/index.ts';
import type { Api } from '../model/api.ts';
import { UserError } from '../model/errors.ts';
import { type Scenario, scenarios } from '../scenarios/index.ts';
import cachedWithinPrompt from './cached-within-prompt.ts';
import choicesCounted from './choices-counted.ts';
import choicesIndexed from './choices-indexed.ts';
import completionEqualsLimit from './completion-equals-limit.ts';
import completionMatchesLogprobs from './completion-matches-logprobs.ts';
import completionMatchesNonstream from './completion-matches-nonstream.ts';
import completionMatchesReference from './completion-matches-reference.ts';
import completionWithinLimit from './completion-within-limit.ts';
import conversationCounted from './conversation-counted.ts';
import countMatchesUsage from './count-matches-usage.ts';
import deltaTypes from './delta-types.ts';
import detailsMatchNonstream from './details-match-nonstream.ts';
import errorEndsStream from './error-ends-stream.ts';
import eventJson from './event-json.ts';
import eventNames from './event-names.ts';
import finishMatchesNonstream from './finish-matches-nonstream.ts';
import finishOnce from './finish-once.ts';
import finishReasonLength from './finish-reason-length.ts';
import listPromptsCounted from './list-prompts-counted.ts';
import nonstreamUsage from './nonstream-usage.ts';
import parallelIndependent from './parallel-independent.ts';
import promptGrows from './prompt-grows.ts';
import promptMatchesChat from './prompt-matches-chat.ts';
import promptMatchesNonstream from './prompt-matches-nonstream.ts';
import promptMatchesReference from './prompt-matches-reference.ts';
import promptStable from './prompt-stable.ts';
import reasoningCounted from './reasoning-counted.ts';
import reasoningWithinCompletion from './reasoning-within-completion.ts';
import recoversAfterAbort from './recovers-after-abort.ts';
import recoversAfterOverlong from './recovers-after-overlong.ts';
import requestAnswered from './request-answered.ts';
import sequenceIndependent from './sequence-independent.ts';
import sequenceNumbers from './sequence-numbers.ts';
import serverSurvives from './server-survives.ts';
import sseFraming from './sse-framing.ts';
import stopNamed from './stop-named.ts';
import streamEnd from './stream-end.ts';
import streamOptionsAccepted from './stream-options-accepted.ts';
import streamStart from './stream-start.ts';
import { type Check, FIRST_CATALOGUE } from './support/define-check.ts';
import terminalStatus from './terminal-status.ts';
import textMatchesNonstream from './text-matches-nonstream.ts';
import usageChunkChoicesEmpty from './usage-chunk-choices-empty.ts';
import usageChunkEnvelope from './usage-chunk-envelope.ts';
import usageChunkId from './usage-chunk-id.ts';
import usageComplete from './usage-complete.ts';
import usageConsistent from './usage-consistent.ts';
import usageDetails from './usage-details.ts';
import usageIntegers from './usage-integers.ts';
import usageLast from './usage-last.ts';
import usageNonzero from './usage-nonzero.ts';
import usageNullBefore from './usage-null-before.ts';
import usageOnce from './usage-once.ts';
import usagePlainJson from './usage-plain-json.ts';
import usagePresent from './usage-present.ts';
import usageTotal from './usage-total.ts';
import usageUnrequested from './usage-unrequested.ts';

/** All checks of all catalogues, in the order they are shown; the order of judging is computed (judging-order.ts). */
export const allChecks: readonly Check[] = [
  requestAnswered,
  streamOptionsAccepted,
  eventJson,
  sseFraming,
  streamStart,
  eventNames,
  sequenceNumbers,
  streamEnd,
  terminalStatus,
  choicesIndexed,
  finishOnce,
  usagePresent,
  usageComplete,
  usageIntegers,
  usageTotal,
  nonstreamUsage,
  usageDetails,
  usageConsistent,
  usageNonzero,
  usageOnce,
  usageLast,
  usageChunkChoicesEmpty,
  usageChunkId,
  usageChunkEnvelope,
  usageNullBefore,
  usageUnrequested,
  promptStable,
  promptGrows,
  promptMatchesNonstream,
  promptMatchesChat,
  completionMatchesNonstream,
  finishMatchesNonstream,
  textMatchesNonstream,
  completionWithinLimit,
  completionEqualsLimit,
  completionMatchesReference,
  promptMatchesReference,
  countMatchesUsage,
  finishReasonLength,
  stopNamed,
  cachedWithinPrompt,
  reasoningWithinCompletion,
  reasoningCounted,
  choicesCounted,
  listPromptsCounted,
  conversationCounted,
  parallelIndependent,
  sequenceIndependent,
  errorEndsStream,
  recoversAfterAbort,
  recoversAfterOverlong,
  serverSurvives,
  deltaTypes,
  usagePlainJson,
  completionMatchesLogprobs,
  detailsMatchNonstream,
];

export const checkIds: readonly string[] = allChecks.map(({ id }) => id);

/** What catalogues are made of. */
interface Versioned {
  readonly checks: readonly Check[];
  readonly scenarios: readonly Scenario[];
  readonly apis: readonly Api[];
}

/** The checks, scenarios and APIs of one catalogue. */
export interface Catalogue extends Versioned {
  readonly number: number;
}

const numberOf = ({ catalogue = FIRST_CATALOGUE }: { readonly catalogue?: number }) => catalogue;
const newestOf = ({ checks, scenarios, apis }: Versioned) =>
  Math.max(FIRST_CATALOGUE, ...[...checks, ...scenarios, ...apis].map(numberOf));

const everything: Versioned = { checks: allChecks, scenarios, apis: [...apis.values()] };

/** The newest catalogue there is: a check, scenario or API that comes later belongs to the next one. */
export const NEWEST_CATALOGUE = newestOf(everything);

/**
 * @param number what came later are left out; the newest where left out
 * @param all what there is to choose from
 * @throws UserError where there is no such catalogue
 */
export function catalogueOf(number?: number, all: Versioned = everything): Catalogue {
  const newest = newestOf(all);
  if (number !== undefined && (!Number.isInteger(number) || number < FIRST_CATALOGUE || number > newest))
    throw new UserError(`there is no catalogue ${number}; the newest is ${newest}`);
  const chosen = number ?? newest;
  const isThere = (one: { readonly catalogue?: number }) => numberOf(one) <= chosen;
  return {
    number: chosen,
    checks: all.checks.filter(isThere),
    scenarios: all.scenarios.filter(isThere),
    apis: all.apis.filter(isThere),
  };
}
