/** What `upgrade` and `bisect` launch, and how each version is checked. */
import type { RunPlan } from '../../config/plan.ts';
import { referenceOf } from '../../config/references.ts';
import { headersOf } from '../../config/servers.ts';
import type { LaunchOptions } from '../../launch/launch.ts';
import type { Recipe } from '../../launch/recipe.ts';
import { UsageError } from '../../model/errors.ts';
import type { LaunchedProduct } from '../../model/report.ts';
import { gateways } from '../../products/recipe-for.ts';
import type { RunOptions } from '../../run/options.ts';
import { runVersion, type VersionRun } from '../../run/run-version.ts';
import type { Redact } from '../../wire/bounded.ts';
import { redactor, secretsOfEnvironment, secretsOfHeaders, secretsOfWords } from '../../wire/redact.ts';
import { type LaunchFlags, launchOptions, recipeOf } from './launch-flags.ts';
import type { LaunchProgress } from './launch-progress.ts';
import { openUpstream, type UpstreamFlags } from './upstream.ts';

export interface LaunchingFlags extends LaunchFlags, UpstreamFlags {}

export interface Launching {
  readonly recipe: Recipe;
  /** What a gateway is put in front of, where that was launched for it. */
  readonly upstream: LaunchedProduct | undefined;
  readonly launch: LaunchOptions;
  readonly run: Omit<RunOptions, 'progress'> & Required<Pick<RunOptions, 'failOn'>>;
  /** Sent with each request. */
  readonly headers: Readonly<Record<string, string>>;
  readonly redact: Redact;
}

/**
 * Reads the flags, puts up the upstream of a gateway where there is one, and ends it when the work is done.
 *
 * @throws UsageError, SelectionError, TokenizerError, LaunchError, and what the work throws
 */
export async function launching<T>(
  product: string,
  flags: LaunchingFlags,
  plan: RunPlan,
  signal: AbortSignal,
  work: (launching: Launching) => Promise<T>,
): Promise<T> {
  const isGateway =
    flags.command === undefined
      ? gateways.includes(product)
      : /\{upstream\}|LASTCHUNK_UPSTREAM/.test(flags.command);
  if (flags.upstream !== undefined && !isGateway)
    throw new UsageError(
      `--upstream is for ${gateways.join(', ')}, and for a --command with {upstream} in it`,
    );
  const launch = launchOptions(flags, signal);
  const run = { ...plan.run, modelFlag: '--served-model', signal };
  const reference = await referenceOf(plan.settings);
  const { header, apiKeyEnv } = flags;
  // The key of a gateway's upstream is not the gateway's.
  const own = flags.upstream === undefined && apiKeyEnv !== undefined ? { apiKeyEnv } : {};
  const headers = headersOf({ ...(header === undefined ? {} : { header }), ...own });
  const words = `${flags.command ?? ''} ${flags.args ?? ''}`.split(/[\s'"]+/);
  const secrets = [
    ...secretsOfEnvironment(process.env),
    ...secretsOfHeaders(headersOf(flags)),
    ...secretsOfWords(words),
  ];
  const alone = flags.upstream === undefined ? recipeOf(product, flags) : undefined;
  const behind = await openUpstream(flags, launch).catch((error: unknown) => {
    // It may be what a server or an installer printed.
    if (error instanceof Error) error.message = redactor(secrets)(error.message);
    throw error;
  });
  try {
    const recipe = alone ?? recipeOf(product, flags, behind?.upstream);
    return await work({
      recipe,
      upstream: behind?.launched,
      launch,
      run: { ...run, ...(reference === null ? {} : { reference }) },
      headers,
      redact: redactor([...secrets, ...(recipe.apiKey === undefined ? [] : [recipe.apiKey])]),
    });
  } finally {
    await behind?.close();
  }
}

/** Runs one version, and tells what is done. */
export async function runTold(
  { recipe, upstream, launch, run, headers, redact }: Launching,
  version: string,
  keep: boolean,
  progress: LaunchProgress,
): Promise<VersionRun> {
  const name = `${recipe.product} ${version}`;
  const done = await runVersion(recipe, version, {
    launch: {
      ...launch,
      onProgress: (line) => progress.line(name, redact(line)),
      onStart: () => progress.phase(name, 'starting'),
    },
    run: {
      ...run,
      progress: (event) => {
        progress.phase(name, 'checking');
        progress.show(event);
      },
    },
    headers,
    upstream,
    keep,
    redact,
  });
  progress.phase(name, 'stopped');
  return done;
}
