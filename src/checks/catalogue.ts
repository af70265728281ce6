import cachedWithinPrompt from './cached-within-prompt.ts';
import choicesCounted from './choices-counted.ts';
import choicesIndexed from './choices-indexed.ts';
import completionEqualsLimit from './completion-equals-limit.ts';
import completionMatchesNonstream from './completion-matches-nonstream.ts';
import completionMatchesReference from './completion-matches-reference.ts';
import completionWithinLimit from './completion-within-limit.ts';
import errorEndsStream from './error-ends-stream.ts';
import eventJson from './event-json.ts';
import finishOnce from './finish-once.ts';
import finishReasonLength from './finish-reason-length.ts';
import listPromptsCounted from './list-prompts-counted.ts';
import nonstreamUsage from './nonstream-usage.ts';
import parallelIndependent from './parallel-independent.ts';
import promptGrows from './prompt-grows.ts';
import promptMatchesNonstream from './prompt-matches-nonstream.ts';
import promptMatchesReference from './prompt-matches-reference.ts';
import promptStable from './prompt-stable.ts';
import reasoningCounted from './reasoning-counted.ts';
import reasoningWithinCompletion from './reasoning-within-completion.ts';
import recoversAfterAbort from './recovers-after-abort.ts';
import recoversAfterOverlong from './recovers-after-overlong.ts';
import requestAnswered from './request-answered.ts';
import sequenceIndependent from './sequence-independent.ts';
import serverSurvives from './server-survives.ts';
import sseFraming from './sse-framing.ts';
import streamEnd from './stream-end.ts';
import streamOptionsAccepted from './stream-options-accepted.ts';
import type { Check } from './support/define-check.ts';
import usageChunkChoicesEmpty from './usage-chunk-choices-empty.ts';
import usageChunkEnvelope from './usage-chunk-envelope.ts';
import usageChunkId from './usage-chunk-id.ts';
import usageComplete from './usage-complete.ts';
import usageIntegers from './usage-integers.ts';
import usageLast from './usage-last.ts';
import usageNonzero from './usage-nonzero.ts';
import usageNullBefore from './usage-null-before.ts';
import usageOnce from './usage-once.ts';
import usagePresent from './usage-present.ts';
import usageTotal from './usage-total.ts';
import usageUnrequested from './usage-unrequested.ts';

/** The newest catalogue there is. A check added later belongs to the next one. */
export const LATEST_CATALOGUE = 1;

/** In the catalogue, with a page of its own, and not run: no API that is tested yet sends counts twice. */
export const waitingIds: readonly string[] = ['usage-consistent'];

/** All checks in the order they are judged and shown: a check stands behind those it needs. */
export const catalogue: readonly Check[] = [
  requestAnswered,
  streamOptionsAccepted,
  eventJson,
  sseFraming,
  streamEnd,
  choicesIndexed,
  finishOnce,
  usagePresent,
  usageComplete,
  usageIntegers,
  usageTotal,
  nonstreamUsage,
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
  completionMatchesNonstream,
  completionWithinLimit,
  completionEqualsLimit,
  completionMatchesReference,
  promptMatchesReference,
  finishReasonLength,
  cachedWithinPrompt,
  reasoningWithinCompletion,
  reasoningCounted,
  choicesCounted,
  listPromptsCounted,
  parallelIndependent,
  sequenceIndependent,
  errorEndsStream,
  recoversAfterAbort,
  recoversAfterOverlong,
  serverSurvives,
];

export const checkIds: readonly string[] = catalogue.map(({ id }) => id);
