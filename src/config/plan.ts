/** What a run is to do: the command line over the config file, through one schema. */
import { catalogueOf, NEWEST_CATALOGUE } from '../checks/catalogue.ts';
import { UsageError } from '../model/errors.ts';
import { didYouMean } from '../text/did-you-mean.ts';
import { HEADER_VALUE } from '../wire/headers.ts';
import { shownUrl } from '../wire/url.ts';
import { pemIn } from './certificates.ts';
import { type SettingFlags, settingsOf } from './flags.ts';
import type { FoundServer, LoadedConfig } from './load-config.ts';
import { type Outputs, outputsOf } from './outputs.ts';
import { type PlannedTarget, type ReferenceSettings, referencesOver } from './references.ts';
import { defaultSettings, type RunSettings } from './run-settings.ts';
import type { Settings } from './schema.ts';
import { selectionOf } from './selection.ts';
import { labelOf, type ServerTarget } from './server-target.ts';
import { headersOf, labelsOf, placeOf, type ServerFlags, targetsOf } from './servers.ts';
import { shownPath } from './shown-place.ts';

export interface PlanFlags extends SettingFlags, ServerFlags {
  readonly output?: string[];
}

/** How a run is done, and what becomes of its report. */
export interface RunPlan {
  /** What was said, flags over the file. */
  readonly settings: Settings;
  readonly run: Required<RunSettings>;
  /** Product whose accepted deviations hold for all servers. */
  readonly profile: string | null;
  /** ms for all of it; null: no bound. */
  readonly maxDurationMs: number | null;
  readonly outputs: Outputs;
  /** A file; false: none, whatever is there. */
  readonly baseline: string | false | undefined;
}

/**
 * @param flags those that stand on the command line: they take precedence, their defaults do not
 * @throws UsageError, SelectionError
 */
export async function planRun(flags: PlanFlags, config: LoadedConfig | null = null): Promise<RunPlan> {
  const { profile = null, ...said } = await settingsOf(flags);
  const settings: Settings = { ...config?.settings, ...said };
  const baseline = flags.baseline ?? settings.baseline;
  return {
    settings,
    run: runSettings(settings),
    profile,
    maxDurationMs: settings.maxDuration ?? null,
    outputs: outputsOf({ ...settings, output: flags.output, baseline }),
    baseline,
  };
}

/**
 * @param said names of servers of the file, and URLs
 * @throws UsageError, ServerUrlError, ConfigError
 */
export async function plannedServers(
  said: readonly string[],
  flags: PlanFlags,
  config: LoadedConfig | null,
): Promise<readonly PlannedTarget[]> {
  const { profile = null, ...own } = await settingsOf(flags);
  if (config === null) return targetsOf(said, flags, profile).map((target) => ({ target, references: own }));
  const references = (server: ReferenceSettings) =>
    referencesOver(own, referencesOver(server, config.settings));
  return chosenServers(said, flags, profile, config, references);
}

/** Everything but the servers and the outputs. @throws UsageError, SelectionError */
export function runSettings(settings: Settings): Required<RunSettings> {
  const { api = [], only = [], skip = [], catalogue = NEWEST_CATALOGUE, timeout, wait, cacert } = settings;
  const defaults = defaultSettings();
  const there = catalogueOf(catalogue).apis.map(({ id }) => id);
  const late = api.find((id) => !there.includes(id));
  if (late !== undefined)
    throw new UsageError(`--api ${late}: it came after catalogue ${catalogue}, which this run uses`);
  return {
    apis: api.length === 0 ? there : there.filter((id) => api.includes(id)),
    suite: settings.suite ?? defaults.suite,
    catalogue,
    selection: selectionOf(only, skip, catalogueOf(catalogue)),
    seed: settings.seed ?? defaults.seed,
    confirm: settings.confirm ?? defaults.confirm,
    repeat: settings.repeat ?? defaults.repeat,
    strict: settings.strict ?? defaults.strict,
    failOn: settings.failOn ?? defaults.failOn,
    timeoutMs: timeout ?? defaults.timeoutMs,
    waitMs: wait ?? defaults.waitMs,
    concurrency: settings.concurrency ?? defaults.concurrency,
    body: settings.body ?? defaults.body,
    caPem: cacert === undefined ? defaults.caPem : pemIn(cacert),
  };
}

/** Names choose among the file's servers, URLs stand beside them; URLs alone take their place. */
function chosenServers(
  said: readonly string[],
  flags: ServerFlags,
  profile: string | null,
  { file, servers }: LoadedConfig,
  references: (server: ReferenceSettings) => ReferenceSettings,
): readonly PlannedTarget[] {
  const names = servers.map(({ name }) => name);
  const urls = said.filter((text) => !names.includes(text));
  const mistyped = urls.find((text) => !text.includes('://'));
  if (mistyped !== undefined && names.length > 0) {
    const known = didYouMean(mistyped, names) || `; known are ${names.join(', ')}; a URL begins with http://`;
    throw new UsageError(`${shownPath(file)} has no server ${JSON.stringify(shownUrl(mistyped))}${known}`);
  }
  const labels = labelsOf(flags.label ?? []);
  const inFile = new Set(servers.map(({ url }) => placeOf(url)));
  const isUrl = new Set(urls.map(placeOf));
  const others = new Map([...labels].filter(([place]) => isUrl.has(place) || !inFile.has(place)));
  const all = said.length === 0 && others.size === 0;
  const chosen = all ? servers : servers.filter(({ name }) => said.includes(name));
  const common = headersOf(flags);
  const fromFile = chosen.map((server) => ({
    target: targetOf(server, flags, profile, common, labels.get(placeOf(server.url))?.label ?? server.label),
    references: references(server),
  }));
  if (fromFile.length > 0 && urls.length === 0 && others.size === 0) return fromFile;
  // A URL that was said is taken as it is, even where a server of the file has the same.
  const fromUrls = targetsOf(urls, flags, profile, others).map((target) => ({
    target,
    references: references({}),
  }));
  return [...fromFile, ...fromUrls];
}

function targetOf(
  server: FoundServer,
  flags: ServerFlags,
  profile: string | null,
  common: Readonly<Record<string, string>>,
  label: string | undefined,
): ServerTarget {
  const own = Object.entries(server.headers ?? {}).map(
    ([name, value]) => [name.toLowerCase(), value] as const,
  );
  const key = flags.apiKeyEnv === undefined && flags.apiKey === undefined ? keyOf(server) : null;
  return {
    name: server.name,
    url: server.url,
    model: flags.model ?? server.model ?? null,
    headers: {
      ...Object.fromEntries(own),
      ...(key === null ? {} : { authorization: `Bearer ${key}` }),
      ...common,
    },
    ...variableOf(flags.apiKeyEnv ?? (key === null ? undefined : server.apiKeyEnv)),
    label: label === undefined ? null : labelOf(label),
    profile: profile ?? server.profile ?? null,
  };
}

const variableOf = (name: string | undefined) => (name === undefined ? {} : { keyVariable: name });

function keyOf(server: FoundServer): string | null {
  const { apiKeyEnv } = server;
  if (apiKeyEnv === undefined) return null;
  const value = process.env[apiKeyEnv]?.trim();
  if (value === undefined || value === '')
    throw server.wrong('apiKeyEnv', `the environment variable ${apiKeyEnv} is not set`);
  if (!HEADER_VALUE.test(value))
    throw server.wrong('apiKeyEnv', `${apiKeyEnv} has a character that no header can carry`);
  return value;
}
