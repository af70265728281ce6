/** The LiteLLM proxy. */
import { randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { LaunchError } from '../launch/errors.ts';
import { pipPackage } from '../launch/prepare.ts';
import type { Recipe, RecipeOptions } from '../launch/recipe.ts';
import type { CountedPrompt } from '../model/api.ts';
import type { Reference } from '../model/reference.ts';
import type { Asker, Product, Recognised, ServerEvidence } from './product.ts';
import { comparableRelease, hasHeaderWith, headerOf, versionFrom } from './readings.ts';
import { countIn } from './tokenizer-endpoint.ts';

/** It passes its upstream's headers on under this prefix. */
const UPSTREAM = 'llm_provider-';

async function recognise(evidence: ServerEvidence): Promise<Recognised | null> {
  const version = versionFrom(headerOf(evidence, 'x-litellm-version'));
  if (version !== null) return { version, by: 'x-litellm-version header', certainty: 'certain' };
  // Its refusals carry other headers of this name, without the version.
  if (!hasHeaderWith(evidence, 'x-litellm-')) return null;
  return { version: null, by: 'x-litellm-* headers', certainty: 'certain' };
}

function upstream(evidence: ServerEvidence): ServerEvidence {
  const headers = Object.entries(evidence.headers)
    .filter(([name]) => name.startsWith(UPSTREAM))
    .map(([name, value]) => [name.slice(UPSTREAM.length), value]);
  // The model list is its own; the fingerprint is the upstream's.
  return { ...evidence, headers: Object.fromEntries(headers), models: null, model: null };
}

/** https://docs.litellm.ai: it counts with a tokenizer of its own choice, so this is an estimate. */
const COUNTER = '/utils/token_counter';

async function count(prompt: CountedPrompt, { model, post }: Asker): Promise<readonly Reference[]> {
  if (prompt.kind === 'ids') return [];
  const asked = prompt.kind === 'text' ? { prompt: prompt.text } : { messages: prompt.messages };
  const counted = countIn(await post(COUNTER, { model, ...asked }), 'total_tokens');
  return counted === null
    ? []
    : [{ source: 'endpoint', name: COUNTER, authority: 'estimate', count: counted }];
}

/**
 * The LiteLLM proxy in front of another server.
 *
 * @throws LaunchError when no upstream is given.
 */
function recipe({ upstream, extraArgs = [] }: RecipeOptions): Recipe {
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
    ...pipPackage({ product, requirement: `${product}[proxy]` }),
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
      // JSON is YAML.
      writeFileSync(file, JSON.stringify(config), { mode: 0o600 });
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

export const litellm: Product = {
  id: 'litellm',
  title: 'LiteLLM',
  homepage: 'https://github.com/BerriAI/litellm',
  gateway: true,
  recognise,
  upstream,
  comparable: comparableRelease,
  deviations: [],
  endpoints: { count },
  recipes: { litellm: recipe },
};
