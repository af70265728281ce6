/** The server that a gateway is put in front of: one that runs, or one that is launched for the purpose. */

import * as z from 'zod';
import { headersOf } from '../../config/servers.ts';
import { LaunchError } from '../../launch/errors.ts';
import { type LaunchOptions, launch } from '../../launch/launch.ts';
import type { Upstream } from '../../launch/recipe.ts';
import { UsageError } from '../../model/errors.ts';
import type { LaunchedProduct } from '../../model/report.ts';
import { gateways, launchableProducts, recipeFor } from '../../products/recipe-for.ts';
import { redactUrl } from '../../wire/redact.ts';
import { shownUrl } from '../../wire/url.ts';
import { versionsOf } from './launch-flags.ts';

export interface UpstreamFlags {
  readonly upstream?: string;
  readonly servedModel?: string;
  readonly apiKeyEnv?: string;
}

export interface OpenUpstream {
  readonly upstream: Upstream;
  /** Where it was launched for this. */
  readonly launched?: LaunchedProduct;
  close(): Promise<void>;
}

const listing = z.object({ data: z.array(z.object({ id: z.string() })) });

/** The one model it lists. @throws UsageError, LaunchError */
async function onlyModel(baseUrl: string, headers: Readonly<Record<string, string>>): Promise<string> {
  const url = `${baseUrl.replace(/\/+$/, '').replace(/\/v1$/, '')}/v1/models`;
  const response = await fetch(url, { headers, signal: AbortSignal.timeout(10_000) }).catch(
    (cause: unknown) => {
      throw new LaunchError(`--upstream ${redactUrl(baseUrl)} was not reached`, { cause });
    },
  );
  const answer: unknown = await response.json().catch(() => undefined);
  const models = listing.safeParse(answer).data?.data ?? [];
  const [only, ...more] = models;
  if (only !== undefined && more.length === 0) return only.id;
  throw new UsageError(
    `--upstream ${redactUrl(baseUrl)} lists ${models.length === 0 ? 'no model' : `${models.length} models`}: name one with --served-model`,
  );
}

/**
 * @param launching how PRODUCT@VERSION is launched; its model is the one of `--model`
 * @returns undefined where no upstream was named
 * @throws UsageError, LaunchError
 */
export async function openUpstream(
  flags: UpstreamFlags,
  launching: LaunchOptions,
): Promise<OpenUpstream | undefined> {
  const { upstream: text, servedModel } = flags;
  if (text === undefined) return undefined;
  if (/^https?:\/\//i.test(text) && URL.canParse(text)) {
    const headers = headersOf(flags);
    const apiKey = headers.authorization?.replace(/^Bearer /, '');
    const model = servedModel ?? (await onlyModel(text, headers));
    const upstream = { baseUrl: text, model, ...(apiKey === undefined ? {} : { apiKey }) };
    return { upstream, close: async () => {} };
  }
  const [, product = '', spec = ''] = /^([^@]+)@(.+)$/.exec(text) ?? [];
  const servers = launchableProducts.filter((one) => !gateways.includes(one));
  if (!servers.includes(product)) {
    const known = servers.join(', ');
    throw new UsageError(
      `--upstream ${JSON.stringify(shownUrl(text))}: write a URL, or PRODUCT@VERSION with one of ${known}`,
    );
  }
  const recipe = recipeFor(product, { behindGateway: true });
  const [version, another] = await versionsOf(spec, recipe, {}, launching.signal);
  if (version === undefined || another !== undefined)
    throw new UsageError(`--upstream ${text}: name one version`);
  const server = await launch(recipe, version, { ...launching, servedModel: undefined });
  try {
    const model = server.servedModel ?? (await onlyModel(server.baseUrl, {}));
    return {
      upstream: { baseUrl: server.baseUrl, model },
      launched: { product, version },
      close: () => server.stop(),
    };
  } catch (error) {
    await server.stop();
    throw error;
  }
}
