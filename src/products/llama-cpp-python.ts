/** `python -m llama_cpp.server`. */
import { pipPackage } from '../launch/prepare.ts';
import { type Recipe, type RecipeOptions, requireModel } from '../launch/recipe.ts';
import type { CountedPrompt } from '../model/api.ts';
import { isJsonObject } from '../model/json.ts';
import type { Reference } from '../model/reference.ts';
import type {
  Advice,
  Asker,
  Deviation,
  Product,
  ProxiedProduct,
  Recognised,
  ServerEvidence,
} from './product.ts';
import {
  comparableRelease,
  hasModelList,
  headerOf,
  modelEntry,
  objectAt,
  ownerOf,
  shortText,
  versionFrom,
} from './readings.ts';
import { sourcesIn } from './source.ts';
import { countIn, fromEndpoint } from './tokenizer-endpoint.ts';

const TITLE = 'llama.cpp Python API';
/** 0.2.20 and 0.2.28 call themselves so; 0.2.38 says its own version. */
const PLACEHOLDER = '0.0.1';

const deviations: readonly Deviation[] = [
  {
    check: 'parallel-independent',
    cases: '*/stream/asked/parallel',
    versions: '>=0.1.69',
    reason:
      'A new request interrupts the running stream, by a setting that is on by default (--interrupt_requests false turns it off).',
    link: 'https://github.com/abetlen/llama-cpp-python/blob/main/CHANGELOG.md#0169',
  },
];

const HOMEPAGE = 'https://github.com/abetlen/llama-cpp-python';
const at = sourcesIn(HOMEPAGE, '2026-11-26');
const settings = at('blob/3dcbc1da58c8e56a180fbe57719aeaa8a15380bc/llama_cpp/server/settings.py');

const advice: readonly Advice[] = [
  {
    checks: ['usage-present'],
    classes: ['absent'],
    apis: ['chat', 'completions'],
    mode: 'stream',
    versions: '>=0.2.28',
    fact: 'No stream carries usage: the server passes over `stream_options` in silence.',
    since: { kind: 'reported', on: '2024-01-12', version: '0.2.28', ...at('issues/1082') },
    mended: { kind: 'not-yet', upTo: '0.3.36', report: 'open', opened: '2024-06-25', ...at('pull/1552') },
    actions: [
      {
        kind: 'recipe',
        path: 'recipes/llama-cpp-python/usage_server.py',
        text: 'Start `recipes/llama-cpp-python/usage_server.py` in its place, with the same flags: docs/recipe-llama-cpp-python.md.',
        ...at('pull/1552'),
      },
      {
        kind: 'proxy',
        text: 'Where the server is not yours: `lastchunk proxy --target URL --repair` counts what can be proven: docs/proxy.md.',
        ...at('pull/1552'),
      },
      {
        kind: 'server',
        product: 'llama.cpp',
        text: 'Serve the same GGUF with `llama-server`: its chat streams carry usage when asked for it.',
        link: 'https://github.com/ggml-org/llama.cpp/pull/16052',
        checked: '2026-11-26',
      },
      {
        kind: 'no-stream',
        text: 'Send `stream: false` where the number matters: that answer carries usage.',
        ...at('issues/1082'),
      },
    ],
  },
  {
    checks: ['completion-within-limit'],
    apis: ['chat'],
    scenarios: ['max-completion-tokens'],
    versions: '>=0.2.84',
    fact: 'The server passes over `max_completion_tokens`: only the context ends the answer.',
    since: { kind: 'reported', on: '2025-01-24', ...at('issues/1907') },
    mended: { kind: 'not-yet', upTo: '0.3.36', report: 'open', opened: '2025-01-24', ...at('issues/1907') },
    actions: [{ kind: 'request', text: 'Send `max_tokens`.', ...at('issues/1907') }],
  },
  {
    checks: ['request-answered'],
    classes: ['http-500'],
    apis: ['completions'],
    scenarios: ['list-prompts', 'token-ids'],
    versions: '>=0.2.84',
    fact: 'The server asserts that `prompt` is a text or a list of one; any longer list ends in a 500.',
    since: { kind: 'reported', on: '2023-09-17', ...at('issues/726') },
    mended: { kind: 'not-yet', upTo: '0.3.36', report: 'closed', opened: '2023-09-17', ...at('issues/726') },
    actions: [
      {
        kind: 'request',
        text: 'Send one prompt a request, as text.',
        ...at('blob/013daea858d40e0feff6202677e0c4ecd80a91e3/llama_cpp/server/app.py'),
      },
    ],
  },
  {
    checks: ['parallel-independent'],
    classes: ['incomplete'],
    apis: ['chat', 'completions'],
    versions: '>=0.1.69',
    fact: 'A new request ends the stream that is running, with `[DONE]` and without a finish_reason.',
    since: { kind: 'version', version: '0.1.69', ...at('blob/main/CHANGELOG.md#0169', '2026-11-24') },
    mended: { kind: 'intended', ...settings },
    actions: [
      {
        kind: 'setting',
        setting: '--interrupt_requests false',
        text: 'Start the server with `--interrupt_requests false`.',
        ...settings,
      },
    ],
  },
  {
    checks: ['server-survives', 'request-answered'],
    classes: ['died', 'dropped'],
    apis: ['chat'],
    scenarios: ['tools-called', 'json'],
    versions: '>=0.2.84 <0.2.86',
    fact: 'A grammar kills the process: a forced tool call and JSON mode make one.',
    since: { kind: 'reported', on: '2024-07-25', ...at('issues/1623') },
    mended: { kind: 'release', version: '0.2.86', ...at('pull/1649') },
    actions: [
      {
        kind: 'update',
        to: '0.2.86',
        text: 'Update to 0.2.86 or later.',
        ...at('blob/main/CHANGELOG.md#0286'),
      },
    ],
  },
  {
    checks: ['recovers-after-overlong'],
    apis: ['chat'],
    mode: 'stream',
    versions: '>=0.2.81',
    fact: 'A stream whose prompt is over the context harms: 0.2.87 answers nothing afterwards, 0.3.36 sends an empty 200.',
    since: { kind: 'reported', on: '2024-09-25', version: '0.2.81', ...at('issues/1759') },
    mended: { kind: 'not-yet', upTo: '0.3.36', report: 'closed', opened: '2024-09-25', ...at('issues/1759') },
    actions: [
      {
        kind: 'setting',
        setting: '--n_ctx',
        text: 'Keep the prompt below the context, or start the server with a larger `--n_ctx`.',
        ...settings,
      },
    ],
  },
];

async function recogniseByTitle(look: ServerEvidence['look']): Promise<Recognised | null> {
  const info = (await objectAt({ look }, '/openapi.json'))?.info;
  if (!isJsonObject(info) || shortText(info.title)?.endsWith(TITLE) !== true) return null;
  const version = versionFrom(info.version);
  return { version: version === PLACEHOLDER ? null : version, by: '/openapi.json', certainty: 'certain' };
}

async function recognise(evidence: ServerEvidence): Promise<Recognised | null> {
  const mine = ownerOf(evidence) === 'me';
  // Without a model list any uvicorn server may be it; with one, another owner rules it out.
  const maybe = !hasModelList(evidence) && headerOf(evidence, 'server') === 'uvicorn';
  if (!mine && !maybe) return null;
  const named = await recogniseByTitle(evidence.look);
  if (named !== null) return named;
  // Other servers may say "me" as well; only this one has entries of this shape.
  if (!mine || !Array.isArray(modelEntry(evidence)?.permissions)) return null;
  return { version: null, by: 'owned_by of the model list', certainty: 'likely' };
}

/**
 * `/extras/tokenize/count`, tried with 0.2.84, 0.2.87 and 0.3.36. It knows text only, parses special tokens, and puts the
 * beginning-of-text token in front where the model's file says so. Completions of 0.2.x put it there where the file says
 * nothing, too, so one more than the endpoint counts is a true count.
 */
async function count(prompt: CountedPrompt, { post }: Asker): Promise<readonly Reference[]> {
  // Which template a chat gets does not show over HTTP; an empty prompt is replaced by the token it begins with.
  if (prompt.kind !== 'text' || prompt.text === '') return [];
  const counted = countIn(await post('/extras/tokenize/count', { input: prompt.text }), 'count');
  return fromEndpoint('/extras/tokenize/count', counted).map((reference) => ({
    ...reference,
    slack: { below: 0, above: 1 },
  }));
}

/** The image part of the old versions does not compile everywhere, and no text check needs it. */
const defaultCmakeArgs = '-DLLAVA_BUILD=OFF';

function build(env: NodeJS.ProcessEnv) {
  const given = env.CMAKE_ARGS;
  return given === undefined || given.trim() === ''
    ? { buildEnv: { CMAKE_ARGS: defaultCmakeArgs } }
    : { buildEnv: { CMAKE_ARGS: given }, customBuild: true };
}

/** `python -m llama_cpp.server`, compiled from its source distribution. */
function recipe({ contextLength = 2048, extraArgs = [], behindGateway }: RecipeOptions): Recipe {
  const product = 'llama-cpp-python';
  return {
    product,
    needsModel: true,
    readyPath: '/v1/models',
    ...pipPackage({ product, requirement: `${product}[server]`, build }),
    command: ({ program }, { host, port, model, servedModel }) => ({
      argv: [
        program,
        ...['-m', 'llama_cpp.server'],
        ...['--model', requireModel(product, model)],
        ...['--host', host, '--port', String(port)],
        ...['--n_ctx', String(contextLength)],
        ...(servedModel === undefined ? [] : ['--model_alias', servedModel]),
        // Else each new request ends the one before it, and the gateway would seem to have done it.
        ...(behindGateway ? ['--interrupt_requests', 'false'] : []),
        ...extraArgs,
      ],
    }),
  };
}

/**
 * Its prompt counts, compared with llama.cpp's for the same model (0.2.84, 0.2.87 and 0.3.36, 72 conversations, three
 * vocabularies): plain prompts are equal. Chats are rendered with the model's own template and tokenized without adding a
 * beginning-of-text token, so they count one less wherever the template does not write that token itself. The count is
 * true of what the model was given; llama.cpp's own server gives it one token more. 0.2.84 also has an older tokenizer:
 * with a vocabulary like GPT-2's, text such as `</s>` is up to two tokens longer than in today's llama.cpp.
 *
 * 0.2.20 and 0.2.28 do not look for a template in the model's file: a chat is Llama 2's, unless a flag says another. 0.2.38
 * uses the file's.
 */
const counting = { chatsMayLackBos: true, ownTemplate: '>=0.2.38' };

/**
 * Measured on 0.2.84, 0.2.87 and 0.3.36 (test/live/proxy.test.ts): a request for a completion, for the model list or for a
 * count of tokens ends the stream that is running, one for `/openapi.json` does not. A chunk with text is a token, but for a
 * character of several bytes, whose tokens come in one chunk, and for a stop string, whose tokens do not come. Chat begins
 * with a chunk that has a role alone; a chunk with the finish_reason and `[DONE]` end each stream.
 */
const proxied: ProxiedProduct = {
  recognise: recogniseByTitle,
  oneAtATime: true,
  chunkTokens: { emptyChunks: { chat: 3, completions: 2 } },
};

export const llamaCppPython: Product = {
  id: 'llama-cpp-python',
  title: 'llama-cpp-python',
  homepage: HOMEPAGE,
  gateway: false,
  recognise,
  comparable: comparableRelease,
  deviations,
  advice,
  contextRefusals: [
    // "Requested tokens (9014) exceed context window of 2048"
    /\bexceeds? (?:the )?context (?:length|window|size) of (\d[\d,]*)/gi,
  ],
  endpoints: { count },
  counting,
  proxied,
  recipes: { 'llama-cpp-python': recipe },
};
