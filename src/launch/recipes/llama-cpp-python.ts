import { listPythonVersions } from '../registry.ts';
import { installPackage } from './pip-package.ts';
import type { Recipe, RecipeOptions } from './recipe.ts';
import { requireModel } from './required-model.ts';

/** The image part of the old versions does not compile everywhere, and no text check needs it. */
const defaultCmakeArgs = '-DLLAVA_BUILD=OFF';

function build(env: NodeJS.ProcessEnv) {
  const given = env.CMAKE_ARGS;
  return given === undefined || given.trim() === ''
    ? { buildEnv: { CMAKE_ARGS: defaultCmakeArgs } }
    : { buildEnv: { CMAKE_ARGS: given }, customBuild: true };
}

/** `python -m llama_cpp.server`, compiled from its source distribution. */
export function llamaCppPython({ contextLength = 2048, extraArgs = [] }: RecipeOptions): Recipe {
  const product = 'llama-cpp-python';
  return {
    product,
    needsModel: true,
    readyPath: '/v1/models',
    versions: (query) => listPythonVersions(product, query),
    prepare: (version, context) =>
      installPackage({ product, requirement: `${product}[server]`, build }, version, context),
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
