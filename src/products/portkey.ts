/** The Portkey AI gateway. */
import { npmPackage } from '../launch/prepare.ts';
import { type Recipe, type RecipeOptions, requireUpstream, versionedUrl } from '../launch/recipe.ts';
import type { Product, Recognised, ServerEvidence } from './product.ts';
import { comparableRelease, hasHeaderWith } from './readings.ts';

const OWN = 'x-portkey-';

async function recognise(evidence: ServerEvidence): Promise<Recognised | null> {
  // It says its version nowhere.
  return hasHeaderWith(evidence, OWN)
    ? { version: null, by: 'x-portkey-* headers', certainty: 'certain' }
    : null;
}

/** Answers, model list and headers pass through as they are. */
function upstream(evidence: ServerEvidence): ServerEvidence {
  const headers = Object.entries(evidence.headers).filter(([name]) => !name.startsWith(OWN));
  return { ...evidence, headers: Object.fromEntries(headers) };
}

/**
 * The gateway in front of another server, which each request names in its headers.
 *
 * @throws LaunchError when no upstream is given.
 */
function recipe({ upstream: given, extraArgs = [] }: RecipeOptions): Recipe {
  const product = 'portkey';
  const upstream = requireUpstream(product, given);
  return {
    product,
    needsModel: false,
    readyPath: '/',
    headers: {
      'x-portkey-provider': 'openai',
      'x-portkey-custom-host': versionedUrl(upstream),
      ...(upstream.apiKey === undefined ? {} : { authorization: `Bearer ${upstream.apiKey}` }),
    },
    servedModel: ({ servedModel }) => servedModel ?? upstream.model,
    ...npmPackage({
      product,
      name: '@portkey-ai/gateway',
      // With the newer ones that npm takes by itself each stream is a 500 ("TypeError: immutable"): seen with 1.15.2.
      overrides: { hono: '4.9.7', '@hono/node-server': '1.11.1' },
      program: 'gateway',
    }),
    command: ({ program }, { port }) => ({
      argv: [program, '--headless', `--port=${port}`, ...extraArgs],
    }),
  };
}

export const portkey: Product = {
  id: 'portkey',
  title: 'Portkey',
  homepage: 'https://github.com/Portkey-AI/gateway',
  gateway: true,
  recognise,
  upstream,
  comparable: comparableRelease,
  deviations: [],
  recipes: { portkey: recipe },
};
