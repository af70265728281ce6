/** References that were asked for by name and gave nothing: a run without them must not look like one that compared. Pure. */

import { type Answer, endOf } from '../model/answer.ts';
import { type Reference, type SilentReference, type SourceId, sourceIds } from '../model/reference.ts';
import type { CountedProduct } from '../products/product.ts';
import { forcedPrompt } from './forced.ts';
import type { ReferenceOptions } from './options.ts';
import { returnedIds } from './token-ids.ts';

/** What is known where one gave nothing. */
export interface SilenceFacts {
  /** null: not recognised. */
  readonly product: CountedProduct | null;
  /** Why the second server gave no counts; null: no request of the run was one for it. */
  readonly secondServer: string | null;
}

/** The sources that a user named. */
const namedIn = ({ sources, tokenizer, serverUrl }: ReferenceOptions): readonly SourceId[] =>
  sourceIds.filter(
    (id) =>
      sources?.includes(id) ||
      (id === 'tokenizer' && tokenizer !== null) ||
      (id === 'server' && serverUrl !== null),
  );

/** The sources that an answer itself gives a count by. */
export function givenByAnswer(answer: Answer): readonly SourceId[] {
  const { prompt } = answer.asked;
  const isForced =
    (prompt !== null && forcedPrompt(prompt) !== null) ||
    answer.choices.some((choice) => endOf(answer, choice) === 'limit');
  return [
    ...(isForced ? (['forced'] as const) : []),
    ...(returnedIds(answer.choices) === null ? [] : (['ids'] as const)),
    ...(prompt === null || prompt.kind === 'ids' ? [] : (['estimate'] as const)),
  ];
}

/** @param given the sources of which a count came */
export function silentReferences(
  options: ReferenceOptions,
  given: ReadonlySet<Reference['source']>,
  facts: SilenceFacts,
): readonly SilentReference[] {
  return namedIn(options)
    .filter((source) => !given.has(source))
    .map((source) => ({ source, message: MESSAGES[source](options, facts) }));
}

const MESSAGES: Readonly<Record<SourceId, (options: ReferenceOptions, facts: SilenceFacts) => string>> = {
  forced: () => 'nothing forced a count (--reference forced): no answer was cut by its limit',
  ids: (_, { product }) =>
    `no token ids came (--reference ids): ${whose(product)} is not known to return any where they are asked for`,
  endpoint: (_, { product }) =>
    product?.endpoints === undefined
      ? `no endpoint counted (--reference endpoint): ${whose(product)} has none that is known`
      : `no endpoint counted (--reference endpoint): those of ${product.id} gave no count`,
  tokenizer: ({ tokenizer }) =>
    `the tokenizer counted nothing (--tokenizer): ${
      tokenizer?.chat === undefined ? 'it has no chat template' : 'no prompt was one that it can count'
    }`,
  server: (_, { secondServer }) =>
    secondServer ?? 'the reference server was sent nothing that it could count',
  estimate: () => 'nothing was estimated (--reference estimate): no prompt of plain text was answered',
};

const whose = (product: CountedProduct | null): string =>
  product === null ? 'the product was not recognised (--label names it), and an unknown one' : product.id;
