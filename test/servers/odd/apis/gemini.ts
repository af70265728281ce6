/** Correct generateContent that looks wrong. */
import type { OtherOddServer } from '../../entries.ts';
import type { OtherHabits, Step } from '../../other-api-server.ts';
import { isJson, type Json } from '../../request.ts';
import { appended, changed, type StepTest, stream, whole, within } from '../../steps.ts';

const candidatesOf = ({ candidates }: Json): Json[] =>
  Array.isArray(candidates) ? candidates.filter(isJson) : [];
const LAST: StepTest = (json) => candidatesOf(json).some(({ finishReason }) => finishReason !== undefined);
const OPEN: StepTest = (json) => !LAST(json);
const ANY: StepTest = () => true;

const usage = (change: (usage: Json) => Json): OtherHabits => ({
  ...stream(changed(ANY, within('usageMetadata', change))),
  ...whole(within('usageMetadata', change)),
});
const candidates =
  (change: (candidate: Json) => Json) =>
  (json: Json): Json => ({ candidates: candidatesOf(json).map((one) => ({ ...one, ...change(one) })) });
const both = (change: (json: Json) => Json): OtherHabits => ({
  ...stream(changed(ANY, change)),
  ...whole(change),
});
const parts = (change: (list: readonly unknown[]) => readonly unknown[]) =>
  candidates(within('content', ({ parts: list }) => ({ parts: change(Array.isArray(list) ? list : []) })));

/** What is said at the end, said on each chunk. */
function finishedThroughout(list: readonly Step[]): readonly Step[] {
  const last = list.at(-1);
  const [end] = last !== undefined && 'json' in last ? candidatesOf(last.json) : [];
  return changed(
    ANY,
    candidates(() => ({ finishReason: end?.finishReason })),
  )(list);
}

/** Two chunks in one, with the usage of the later. */
function paired(list: readonly Step[]): readonly Step[] {
  return list.flatMap((step, at): readonly Step[] => {
    const next = list[at + 1];
    if (at % 2 === 1) return [];
    if (next === undefined || !('json' in step) || !('json' in next)) return [step];
    const [one] = candidatesOf(step.json);
    const partsOf = (json: Json) =>
      candidatesOf(json).flatMap(({ content }) =>
        isJson(content) && Array.isArray(content.parts) ? content.parts : [],
      );
    const content = { role: 'model', parts: [...partsOf(step.json), ...partsOf(next.json)] };
    return [{ json: { ...next.json, candidates: [{ ...one, ...candidatesOf(next.json)[0], content }] } }];
  });
}

/** The reason on the chunk with the last text. */
function joined(list: readonly Step[]): readonly Step[] {
  const [said, end] = list.slice(-2);
  if (said === undefined || end === undefined || !('json' in said) || !('json' in end)) return list;
  const [{ finishReason } = {}] = candidatesOf(end.json);
  const ended = { ...end.json, candidates: candidatesOf(said.json).map((one) => ({ ...one, finishReason })) };
  return [...list.slice(0, -2), { json: ended }];
}

export const gemini: OtherOddServer[] = (
  [
    {
      name: 'usage on the last chunk alone',
      source: 'hermes-agent#15493',
      habits: stream(changed(OPEN, () => ({ usageMetadata: undefined }))),
    },
    {
      name: 'no candidatesTokenCount before the end',
      source: 'proto3: a 0 is left out',
      habits: stream(
        changed(
          OPEN,
          within('usageMetadata', () => ({ candidatesTokenCount: undefined })),
        ),
      ),
    },
    {
      name: 'usage on a chunk of its own, behind the reason',
      source: 'bifrost#422',
      habits: stream(
        (list) => {
          const last = list.at(-1);
          const own = last !== undefined && 'json' in last ? last.json.usageMetadata : undefined;
          return [...list, { json: { usageMetadata: own, modelVersion: 'toy' } }];
        },
        changed(LAST, () => ({ usageMetadata: undefined })),
      ),
    },
    {
      name: 'usageMetadata that is null before the end',
      source: 'never a fail: usage: null on other chunks',
      habits: stream(changed(OPEN, () => ({ usageMetadata: null }))),
    },
    { name: 'thoughts', source: 'gemini-2.5', habits: { traits: { reasoningTokens: 6 } } },
    {
      name: 'thoughts that take the whole limit, and no candidatesTokenCount',
      source: 'adcp#7359',
      habits: { traits: { reasoningTokens: 500 } },
    },
    {
      name: 'thoughts that are counted and not shown',
      source: 'gemini-2.5 without includeThoughts',
      habits: {
        traits: { reasoningTokens: 6 },
        ...both(parts((list) => list.filter((part) => !isJson(part) || part.thought !== true))),
      },
    },
    {
      name: 'counts of 0 that are sent',
      source: 'agent-maestro#190',
      habits: usage((sent) => ({ thoughtsTokenCount: 0, cachedContentTokenCount: 0, ...sent })),
    },
    {
      name: 'counts that are null where there is nothing to count',
      source: 'never a fail: null in the details',
      habits: usage((sent) => ({
        thoughtsTokenCount: null,
        toolUsePromptTokenCount: null,
        cachedContentTokenCount: null,
        ...sent,
      })),
    },
    {
      name: 'all of the prompt cached',
      source: 'Gemini API: promptTokenCount is the total effective prompt size',
      habits: usage(({ promptTokenCount }) => ({
        cachedContentTokenCount: promptTokenCount,
        cacheTokensDetails: [{ modality: 'TEXT', tokenCount: promptTokenCount }],
      })),
    },
    {
      name: 'prompts of tools inside the total',
      source: 'Gemini API: toolUsePromptTokenCount',
      habits: usage(({ totalTokenCount }) => ({
        toolUsePromptTokenCount: 7,
        totalTokenCount: Number(totalTokenCount) + 7,
      })),
    },
    { name: 'several parts in a chunk', source: 'Gemini API: parts', habits: stream(paired) },
    {
      name: 'blank parts',
      source: 'pydantic-ai#2631',
      habits: both(parts((list) => [{ text: '' }, ...list, { text: '' }, {}, { thoughtSignature: 'c2ln' }])),
    },
    {
      name: 'no parts at the end',
      source: 'pydantic-ai#2631',
      habits: stream(
        changed(
          LAST,
          candidates(() => ({ content: { role: 'model' } })),
        ),
      ),
    },
    {
      name: 'no content at the end',
      source: 'pydantic-ai#2631',
      habits: stream(
        changed(
          LAST,
          candidates(() => ({ content: undefined })),
        ),
      ),
    },
    { name: 'the reason beside the last text', source: 'one-hub#418', habits: stream(joined) },
    {
      name: 'the reason on each chunk',
      source: 'litellm#2195, zotero-pdf-translate#806',
      habits: stream(finishedThroughout),
    },
    {
      name: 'a reason that is null or unspecified before the end',
      source: 'Gemini API: FINISH_REASON_UNSPECIFIED is the default',
      habits: stream((list) =>
        list.map((step, at) =>
          'json' in step && OPEN(step.json)
            ? {
                json: {
                  ...step.json,
                  ...candidates(() => ({
                    finishReason: at % 2 === 0 ? null : 'FINISH_REASON_UNSPECIFIED',
                  }))(step.json),
                },
              }
            : step,
        ),
      ),
    },
    {
      name: 'no index',
      source: 'proto3: a 0 is left out',
      habits: both(candidates(() => ({ index: undefined }))),
    },
    {
      name: 'ratings, citations and grounding',
      source: 'Gemini API: Candidate',
      habits: both((json) => ({
        ...candidates(() => ({
          safetyRatings: [{ category: 'HARM_CATEGORY_HARASSMENT', probability: 'NEGLIGIBLE' }],
          citationMetadata: { citationSources: [] },
          avgLogprobs: -0.5,
        }))(json),
        promptFeedback: { safetyRatings: [] },
        error: null,
      })),
    },
    {
      name: '[DONE] at the end',
      source: 'APIS: [DONE] is no end marker here',
      habits: stream(appended({ raw: 'data: [DONE]\n\n' })),
    },
    {
      name: 'CRLF',
      source: 'Gemini API: alt=sse',
      habits: { mapWire: (wire) => wire.replaceAll('\n', '\r\n') },
    },
    {
      name: 'an empty list of candidates first',
      source: 'Gemini API: candidates',
      habits: stream((list) => [{ json: { candidates: [], modelVersion: 'toy' } }, ...list]),
    },
    {
      name: 'a chunk without anything but its names',
      source: 'Gemini API: responseId',
      habits: stream((list) => list.flatMap((step) => [{ json: { responseId: 'r' } }, step])),
    },
    {
      name: 'nothing generated',
      source: 'proto3: a 0 is left out',
      habits: { traits: { mute: true } },
      suite: 'standard',
    },
  ] satisfies ReadonlyArray<Omit<OtherOddServer, 'api'>>
).map((one): OtherOddServer => ({ ...one, api: 'gemini', name: `gemini: ${one.name}` }));
