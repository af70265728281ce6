import { givenBinary } from './given-binary.ts';
import type { Recipe, RecipeOptions } from './recipe.ts';
import { requireModel } from './required-model.ts';

/** A `llama-server` the user has. */
export function llamaCpp({
  binary = 'llama-server',
  contextLength = 2048,
  extraArgs = [],
}: RecipeOptions): Recipe {
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
