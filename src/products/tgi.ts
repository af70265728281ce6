/** Hugging Face Text Generation Inference. */
import type { Product, Recognised, ServerEvidence } from './product.ts';
import {
  comparableRelease,
  fingerprintOf,
  modelEntry,
  objectAt,
  shortText,
  versionFrom,
} from './readings.ts';
import { documented, named } from './tokenizer-endpoint.ts';

/** "3.3.4-native", "3.3.4-sha-5a66c66": the router's version and the label of its image. */
const FINGERPRINT = /^\d+\.\d+\.\d+\S*-(?:native|sha-\S+)$/;

/** Its list has one model, which owns itself and was made at the epoch. */
function listsLikeIt(evidence: ServerEvidence): boolean {
  const entry = modelEntry(evidence);
  return entry?.created === 0 && shortText(entry.id) !== null && entry.owned_by === entry.id;
}

async function recognise(evidence: ServerEvidence): Promise<Recognised | null> {
  // Neither sign names it: /info has to.
  if (!FINGERPRINT.test(fingerprintOf(evidence) ?? '') && !listsLikeIt(evidence)) return null;
  const info = await objectAt(evidence, '/info');
  if (info === null || shortText(info.model_id) === null || !('max_concurrent_requests' in info)) return null;
  return { version: versionFrom(info.version), by: '/info', certainty: 'certain' };
}

/** https://huggingface.github.io/text-generation-inference/: `/tokenize` answers with a bare list. */
const endpoints = documented(
  (prompt, model) =>
    prompt.kind === 'text'
      ? { path: '/tokenize', body: { inputs: prompt.text } }
      : { path: '/chat_tokenize', body: { ...named(model), messages: prompt.messages } },
  ['tokenize_response'],
);

export const tgi: Product = {
  id: 'tgi',
  title: 'TGI',
  homepage: 'https://github.com/huggingface/text-generation-inference',
  gateway: false,
  recognise,
  comparable: comparableRelease,
  deviations: [],
  contextRefusals: [/`inputs` tokens \+ `max_new_tokens` must be <= (\d[\d,]*)/g],
  endpoints,
};
