/** The context a server states, in tokens: in its model list, or in the words of a refusal. */
import { isJsonObject, type JsonObject, parseJson } from '../model/json.ts';
import { products } from './index.ts';
import { smallestContext } from './readings.ts';

const LONGEST_REFUSAL = 20_000;

/**
 * The smallest context that the model list states. `n_ctx_train` is what the model was trained with, not what the server
 * gives, so it is not read.
 * @param model the entry of the model under test
 */
export function listedContext(model: JsonObject | null): number | null {
  const meta = isJsonObject(model?.meta) ? model.meta : null;
  return smallestContext([model?.max_model_len, model?.context_length, meta?.n_ctx]);
}

/**
 * Each names the number as the server's context. The length of the request is in the same sentence, and "your context
 * length is 9014 tokens" must not be taken for a limit. Phrases of one product are in its file. All are tried on any
 * server, recognised or not.
 */
const PHRASES: readonly RegExp[] = [
  // OpenAI, vLLM, llama-cpp-python: "maximum context length is 2048 tokens"; SGLang: "… length of 2048 tokens";
  // newer vLLM: "the model's context length is only 1024 tokens"
  /\b(?:maximum|model['’]s) context (?:length|window|size) (?:is|of)(?: only)? (\d[\d,]*) tokens\b/gi,
  // LM Studio: "the model is loaded with context length of only 4096 tokens"
  /\bcontext (?:length|window|size) of only (\d[\d,]*) tokens\b/gi,
  // llama.cpp: "exceeds the available context size (512 tokens)"; SGLang: "the model's context length (2048 tokens)"
  /\b(?:maximum|available|model['’]s) context (?:length|window|size) \((\d[\d,]*) tokens\)/gi,
  ...[...products.values()].flatMap(({ contextRefusals }) => contextRefusals ?? []),
];

/** The context that a refusal names; null where it names none, or more than one number for it. */
export function contextOfRefusal(text: string): number | null {
  const refusal = text.slice(0, LONGEST_REFUSAL);
  const body = parseJson(refusal);
  const named = new Set([...countsIn(messageIn(body) ?? refusal), ...fieldIn(body)]);
  const [only] = named;
  return named.size === 1 ? (only ?? null) : null;
}

function countsIn(message: string): number[] {
  return PHRASES.flatMap((phrase) => [...message.matchAll(phrase)])
    .map((match) => smallestContext([Number(match[1]?.replaceAll(',', ''))]))
    .filter((count) => count !== null);
}

/** The error message in the body, unescaped. */
function messageIn(body: unknown): string | null {
  if (!isJsonObject(body)) return null;
  const { error } = body;
  const message = isJsonObject(error) ? error.message : (error ?? body.message);
  return typeof message === 'string' ? message : null;
}

/** llama.cpp also states it in a field beside the message. */
function fieldIn(body: unknown): number[] {
  const error = isJsonObject(body) ? body.error : null;
  const count = isJsonObject(error) ? smallestContext([error.n_ctx]) : null;
  return count === null ? [] : [count];
}
