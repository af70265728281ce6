import { randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { stringify } from 'yaml';
import { LaunchError } from '../errors.ts';
import { listPythonVersions } from '../registry.ts';
import { installPackage } from './pip-package.ts';
import type { Recipe, RecipeOptions } from './recipe.ts';

/**
 * The LiteLLM proxy in front of another server.
 *
 * @throws LaunchError when no upstream is given.
 */
export function litellm({ upstream, extraArgs = [] }: RecipeOptions): Recipe {
  const product = 'litellm';
  if (!upstream)
    throw new LaunchError(
      'litellm is put in front of another server: name it with --upstream URL or --upstream PRODUCT@VERSION',
    );
  const apiKey = `sk-${randomBytes(16).toString('hex')}`;
  const nameOf = ({ servedModel }: { servedModel: string | undefined }) => servedModel ?? upstream.model;
  return {
    product,
    needsModel: false,
    readyPath: '/health/liveliness',
    apiKey,
    servedModel: nameOf,
    versions: (query) => listPythonVersions(product, query),
    prepare: (version, context) =>
      installPackage({ product, requirement: `${product}[proxy]` }, version, context),
    command({ program }, target) {
      const { host, port, scratchFolder } = target;
      const config = {
        model_list: [
          {
            model_name: nameOf(target),
            litellm_params: {
              model: `openai/${upstream.model}`,
              api_base: withV1(upstream.baseUrl),
              api_key: upstream.apiKey ?? 'none',
            },
          },
        ],
      };
      const file = path.join(scratchFolder, 'litellm.yaml');
      mkdirSync(scratchFolder, { recursive: true });
      writeFileSync(file, stringify(config), { mode: 0o600 });
      return {
        argv: [
          path.join(path.dirname(program), 'litellm'),
          ...['--config', file, '--host', host, '--port', String(port)],
          ...extraArgs,
        ],
        env: { LITELLM_MASTER_KEY: apiKey, LITELLM_TELEMETRY: 'False' },
      };
    },
  };
}

function withV1(baseUrl: string): string {
  const trimmed = baseUrl.replace(/\/+$/, '');
  return /\/v\d+$/.test(trimmed) ? trimmed : `${trimmed}/v1`;
}
