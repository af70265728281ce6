/** Ollama. */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { LaunchError } from '../launch/errors.ts';
import { givenBinary } from '../launch/prepare.ts';
import { type LaunchTarget, type Recipe, type RecipeOptions, requireModel } from '../launch/recipe.ts';
import { isJsonObject } from '../model/json.ts';
import type { Advice, Product, Recognised, ServerEvidence } from './product.ts';
import {
  comparableRelease,
  fingerprintOf,
  objectAt,
  okAt,
  ownerOf,
  smallestContext,
  versionFrom,
} from './readings.ts';
import { sourcesIn } from './source.ts';

const HOMEPAGE = 'https://github.com/ollama/ollama';
const at = sourcesIn(HOMEPAGE, '2026-11-26');
const middleware = at('blob/5dbb81b72c4b61b737e4970db711f7718e4efcc6/middleware/openai.go');

const advice: readonly Advice[] = [
  {
    checks: ['usage-present'],
    classes: ['absent'],
    apis: ['chat', 'completions'],
    mode: 'stream',
    versions: '<0.5.2',
    fact: 'The OpenAI endpoints do not know `stream_options` yet.',
    since: { kind: 'reported', on: '2024-05-15', ...at('issues/4448') },
    mended: { kind: 'release', version: '0.5.2', ...at('pull/6784') },
    actions: [{ kind: 'update', to: '0.5.2', text: 'Update to 0.5.2 or later.', ...at('pull/6784') }],
  },
  {
    checks: ['usage-once'],
    classes: ['zero-filled'],
    apis: ['completions'],
    mode: 'stream',
    versions: '>=0.5.2',
    fact: 'A completions stream that asks for usage has zeros on every chunk, and the true counts on the last one.',
    since: { kind: 'version', version: '0.5.2', ...at('pull/6784') },
    mended: { kind: 'not-yet', upTo: '0.17.4', report: 'not-found', ...middleware },
    actions: [
      {
        kind: 'reading',
        text: 'Take the usage of the chunk with `choices: []`, and no other.',
        ...middleware,
      },
      {
        kind: 'request',
        text: 'Use /v1/chat/completions: only the last chunk has a usage there.',
        ...middleware,
      },
    ],
  },
  {
    checks: ['stream-end', 'finish-once', 'usage-present'],
    classes: ['missing', 'none', 'absent'],
    apis: ['chat', 'completions'],
    mode: 'stream',
    scenarios: ['repetition'],
    versions: '>=0.5.7',
    fact: 'After some thirty equal tokens the answer is given up: no finish_reason, no usage, no `[DONE]`, no error.',
    since: { kind: 'reported', on: '2025-02-03', version: '0.5.7', ...at('issues/8786') },
    mended: { kind: 'merged', opened: '2026-09-10', ...at('pull/18374') },
    actions: [
      {
        kind: 'reading',
        text: 'Take a stream without `[DONE]` for one that was given up, and its usage for unknown.',
        ...at('issues/18359'),
      },
    ],
  },
  {
    checks: ['completion-within-limit'],
    apis: ['chat'],
    scenarios: ['max-completion-tokens'],
    versions: '>=0.17.4',
    fact: 'The server passes over `max_completion_tokens`.',
    since: { kind: 'reported', on: '2024-10-08', ...at('issues/7125') },
    mended: { kind: 'not-yet', upTo: '0.32.5', report: 'open', opened: '2024-10-08', ...at('issues/7125') },
    actions: [{ kind: 'request', text: 'Send `max_tokens`.', ...at('issues/7125') }],
  },
  {
    checks: ['prompt-stable', 'usage-nonzero'],
    classes: ['changed', 'zero'],
    versions: '<0.17.4',
    fact: 'A prompt that came out of the cache counts as 0, or has no count at all.',
    since: { kind: 'reported', on: '2024-03-31', version: '0.1.30', ...at('issues/3427') },
    mended: { kind: 'release', version: '0.17.4', ...at('pull/5371', '2026-11-25') },
    actions: [
      {
        kind: 'update',
        to: '0.17.4',
        text: 'Update: 0.17.4 counts a prompt the same, cached or not.',
        ...at('pull/5371', '2026-11-25'),
      },
    ],
  },
  {
    checks: ['prompt-stable'],
    classes: ['changed'],
    versions: '>=0.30.0',
    fact: 'The first releases that run llama-server, 0.30, do not count prompt tokens that came out of the cache.',
    since: { kind: 'version', version: '0.30.0', ...at('pull/16428') },
    mended: { kind: 'merged', opened: '2026-06-02', ...at('pull/16428') },
    actions: [
      { kind: 'update', text: 'Update to a release that has this change of June 2026.', ...at('pull/16428') },
    ],
  },
  {
    checks: ['finish-reason-length'],
    apis: ['responses'],
    versions: '>=0.17.4',
    fact: 'A response that the limit cut has `status: "completed"`.',
    mended: { kind: 'not-yet', upTo: '0.17.4', report: 'open', ...at('pull/17239') },
    actions: [
      {
        kind: 'reading',
        text: 'Take a response whose output_tokens equal `max_output_tokens` for cut.',
        ...at('pull/17239'),
      },
    ],
  },
];

async function recognise(evidence: ServerEvidence): Promise<Recognised | null> {
  const named = fingerprintOf(evidence) === 'fp_ollama';
  if (!named) {
    // "library" is the namespace of its registry, and /api/version is served by several that imitate it.
    if (ownerOf(evidence) !== 'library') return null;
    const greeting = (await okAt(evidence, '/'))?.text;
    if (typeof greeting !== 'string' || !greeting.startsWith('Ollama is running')) return null;
  }
  const sign = named ? 'system_fingerprint' : 'its greeting at /';
  const version = versionFrom((await objectAt(evidence, '/api/version'))?.version);
  return { version, by: version === null ? sign : `${sign} and /api/version`, certainty: 'certain' };
}

const defaultName = 'lastchunk';

/** Nothing of the user's own Ollama is read or changed: models, keys and port are this server's alone. */
function privateEnv(
  { scratchFolder, host, port }: LaunchTarget,
  contextLength: number,
): Record<string, string> {
  return {
    HOME: scratchFolder,
    OLLAMA_MODELS: path.join(scratchFolder, 'models'),
    OLLAMA_HOST: `${host}:${port}`,
    OLLAMA_CONTEXT_LENGTH: String(contextLength),
  };
}

/** An `ollama` the user has; the model is made inside it out of a GGUF file. */
function recipe({ binary = 'ollama', contextLength = 2048, extraArgs = [] }: RecipeOptions): Recipe {
  const product = 'ollama';
  const nameOf = (target: Pick<LaunchTarget, 'servedModel'>) => target.servedModel ?? defaultName;
  return {
    product,
    needsModel: true,
    readyPath: '/api/version',
    servedModel: nameOf,
    prepare: async (version, { env }) => givenBinary(product, binary, version, env),
    command: ({ program }, target) => ({
      argv: [program, 'serve', ...extraArgs],
      env: privateEnv(target, contextLength),
    }),
    async afterReady({ program }, target, { cacheFolder, env, signal, onProgress }) {
      const { runCommand } = await import('../launch/run-command.ts');
      const modelFile = path.join(target.scratchFolder, 'Modelfile');
      mkdirSync(target.scratchFolder, { recursive: true });
      // Old versions ignore OLLAMA_CONTEXT_LENGTH, hence the parameter too.
      // Where it passes over a limit, a model that never stops would run on without end.
      const window = ['num_ctx', 'num_predict'].map((name) => `PARAMETER ${name} ${contextLength}`);
      const lines = [`FROM ${requireModel(product, target.model)}`, ...window, ''];
      writeFileSync(modelFile, lines.join('\n'));
      const logPath = path.join(cacheFolder, 'logs', `ollama-create-${target.port}.log`);
      const { exitCode, lastLines } = await runCommand({
        argv: [program, 'create', nameOf(target), '-f', modelFile],
        env: { ...(env ?? process.env), ...privateEnv(target, contextLength) },
        cacheFolder,
        logPath,
        signal,
        ...(onProgress ? { onLine: onProgress } : {}),
      });
      if (exitCode === 0) return;
      throw new LaunchError(`ollama create failed: ${lastLines.at(-1) ?? 'it printed nothing'}`, {
        details: lastLines,
        logPath,
      });
    },
  };
}

const MOST_LOADED = 100;

/** A loaded model is listed with the window that it was given. */
async function context(look: ServerEvidence['look'], model: string | null): Promise<number | null> {
  const listed = (await look('/api/ps'))?.json;
  const loaded = isJsonObject(listed) && Array.isArray(listed.models) ? listed.models : [];
  const names = [model, `${model}:latest`];
  const ours = loaded
    .slice(0, MOST_LOADED)
    .filter(isJsonObject)
    .filter(({ name }) => typeof name === 'string' && names.includes(name));
  return smallestContext(ours.map(({ context_length: tokens }) => tokens));
}

export const ollama: Product = {
  id: 'ollama',
  title: 'Ollama',
  homepage: HOMEPAGE,
  gateway: false,
  recognise,
  comparable: comparableRelease,
  // It chooses a template of its own, and puts plain prompts into it as well (0.17.4).
  counting: { ownTemplate: false, templatesText: true },
  deviations: [],
  context,
  advice,
  recipes: { ollama: recipe },
};
