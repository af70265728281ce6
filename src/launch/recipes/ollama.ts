import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { LaunchError } from '../errors.ts';
import { runCommand } from '../run-command.ts';
import { givenBinary } from './given-binary.ts';
import type { LaunchTarget, Recipe, RecipeOptions } from './recipe.ts';
import { requireModel } from './required-model.ts';

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
export function ollama({ binary = 'ollama', contextLength = 2048, extraArgs = [] }: RecipeOptions): Recipe {
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
