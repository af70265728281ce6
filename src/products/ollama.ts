/** Ollama. */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { LaunchError } from '../launch/errors.ts';
import { givenBinary } from '../launch/prepare.ts';
import { type LaunchTarget, type Recipe, type RecipeOptions, requireModel } from '../launch/recipe.ts';
import { isJsonObject } from '../model/json.ts';
import type { Product, Recognised, ServerEvidence } from './product.ts';
import {
  comparableRelease,
  fingerprintOf,
  objectAt,
  okAt,
  ownerOf,
  smallestContext,
  versionFrom,
} from './readings.ts';

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
      const lines = [`FROM ${requireModel(product, target.model)}`, `PARAMETER num_ctx ${contextLength}`, ''];
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
  homepage: 'https://github.com/ollama/ollama',
  gateway: false,
  recognise,
  comparable: comparableRelease,
  deviations: [],
  context,
  recipes: { ollama: recipe },
};
