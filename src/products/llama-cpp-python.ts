/** `python -m llama_cpp.server`. */
import { pipPackage } from '../launch/prepare.ts';
import { type Recipe, type RecipeOptions, requireModel } from '../launch/recipe.ts';
import type { CountedPrompt } from '../model/api.ts';
import { isJsonObject } from '../model/json.ts';
import type { Reference } from '../model/reference.ts';
import type { Asker, Deviation, Product, Recognised, ServerEvidence } from './product.ts';
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
import { countIn, fromEndpoint } from './tokenizer-endpoint.ts';

const TITLE = 'llama.cpp Python API';

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

async function recognise(evidence: ServerEvidence): Promise<Recognised | null> {
  const mine = ownerOf(evidence) === 'me';
  // Without a model list any uvicorn server may be it; with one, another owner rules it out.
  const maybe = !hasModelList(evidence) && headerOf(evidence, 'server') === 'uvicorn';
  if (!mine && !maybe) return null;
  const info = (await objectAt(evidence, '/openapi.json'))?.info;
  if (isJsonObject(info) && shortText(info.title)?.endsWith(TITLE) === true) {
    return { version: versionFrom(info.version), by: '/openapi.json', certainty: 'certain' };
  }
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
function recipe({ contextLength = 2048, extraArgs = [] }: RecipeOptions): Recipe {
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
 */
const counting = { chatsMayLackBos: true };

export const llamaCppPython: Product = {
  id: 'llama-cpp-python',
  title: 'llama-cpp-python',
  homepage: 'https://github.com/abetlen/llama-cpp-python',
  gateway: false,
  recognise,
  comparable: comparableRelease,
  deviations,
  contextRefusals: [
    // "Requested tokens (9014) exceed context window of 2048"
    /\bexceeds? (?:the )?context (?:length|window|size) of (\d[\d,]*)/gi,
  ],
  endpoints: { count },
  counting,
  recipes: { 'llama-cpp-python': recipe },
};
