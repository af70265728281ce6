/** The LiteLLM proxy. */
import { randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pipPackage } from '../launch/prepare.ts';
import { type Recipe, type RecipeOptions, requireUpstream, versionedUrl } from '../launch/recipe.ts';
import type { CountedPrompt } from '../model/api.ts';
import type { Reference } from '../model/reference.ts';
import type { Advice, Asker, Product, Recognised, ServerEvidence } from './product.ts';
import { comparableRelease, hasHeaderWith, headerOf, versionFrom } from './readings.ts';
import { sourcesIn } from './source.ts';
import { countIn } from './tokenizer-endpoint.ts';

/** It passes its upstream's headers on under this prefix. */
const UPSTREAM = 'llm_provider-';

const HOMEPAGE = 'https://github.com/BerriAI/litellm';
const at = sourcesIn(HOMEPAGE, '2026-11-26');

const advice: readonly Advice[] = [
  {
    checks: ['usage-chunk-choices-empty'],
    classes: ['non-empty'],
    apis: ['chat', 'completions'],
    mode: 'stream',
    versions: '*',
    fact: 'The proxy makes the usage chunk itself, with a choice in it that says nothing.',
    since: { kind: 'reported', on: '2025-02-11', ...at('issues/8450') },
    mended: { kind: 'not-yet', upTo: '1.106.2', report: 'open', opened: '2026-05-24', ...at('pull/28736') },
    actions: [
      {
        kind: 'reading',
        text: 'Take the usage of the last chunk, whether its choices are empty or not.',
        ...at('issues/28735'),
      },
    ],
  },
  {
    checks: ['usage-unrequested'],
    apis: ['completions'],
    mode: 'stream',
    versions: '>=1.60.6',
    fact: 'A completions stream that does not ask for usage has zeros on every chunk.',
    since: { kind: 'reported', on: '2025-02-07', version: '1.60.6', ...at('issues/8349') },
    mended: { kind: 'not-yet', upTo: '1.106.2', report: 'open', opened: '2025-02-07', ...at('issues/8349') },
    actions: [
      {
        kind: 'request',
        text: 'Ask for it: with `stream_options: {"include_usage": true}` the true counts come, once, at the end.',
        ...at('pull/8419'),
      },
    ],
  },
  {
    checks: [
      ...['prompt-matches-nonstream', 'prompt-matches-reference'],
      ...['completion-matches-nonstream', 'completion-matches-reference', 'completion-equals-limit'],
    ],
    apis: ['chat'],
    mode: 'stream',
    versions: '>=1.95.0',
    fact: 'Where the server behind it puts usage on a chunk with choices, the proxy drops it and counts by itself.',
    since: { kind: 'reported', on: '2026-08-07', version: '1.95.0', ...at('issues/36168') },
    mended: { kind: 'not-yet', upTo: '1.95.0', report: 'open', opened: '2026-08-07', ...at('issues/36168') },
    actions: [
      {
        kind: 'reading',
        text: 'Check the server behind it by itself; if it does that, take the counts for an estimate.',
        ...at('issues/36168'),
      },
    ],
  },
  {
    checks: ['usage-null-before'],
    apis: ['chat', 'completions'],
    mode: 'stream',
    versions: '>=1.65.0',
    fact: 'Chunks before the usage have no `usage` key, where its documentation has `usage: null`.',
    since: { kind: 'reported', on: '2025-03-31', version: '1.65.0', ...at('issues/9657') },
    mended: { kind: 'not-yet', upTo: '1.106.2', report: 'open', opened: '2025-03-31', ...at('issues/9657') },
    actions: [{ kind: 'reading', text: 'Read a `usage` that is not there as null.', ...at('issues/9657') }],
  },
];

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
function recipe({ upstream: given, extraArgs = [] }: RecipeOptions): Recipe {
  const product = 'litellm';
  const upstream = requireUpstream(product, given);
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
              api_base: versionedUrl(upstream),
              api_key: upstream.apiKey ?? 'none',
            },
          },
        ],
        // Else a fault of the server behind it has the requests after it refused, unasked: 429, for 5 seconds.
        router_settings: { disable_cooldowns: true },
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

export const litellm: Product = {
  id: 'litellm',
  title: 'LiteLLM',
  homepage: HOMEPAGE,
  gateway: true,
  recognise,
  upstream,
  comparable: comparableRelease,
  deviations: [],
  advice,
  endpoints: { count },
  recipes: { litellm: recipe },
};
