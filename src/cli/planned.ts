/** What a run is to do: the command line over the config file. */
import { type FoundServer, findConfig, type LoadedConfig, loadConfig } from '../config/load-config.ts';
import { IN_HEADER } from '../config/schema.ts';
import { shownPath } from '../config/yaml-source.ts';
import { harmless } from '../report/harmless.ts';
import { labelOf } from '../run/label.ts';
import type { ServerTarget } from '../run/options.ts';
import { type CheckFlags, headersOf, profileOf, targetsOf } from './check-flags.ts';

export interface Planned {
  readonly targets: readonly ServerTarget[];
  /** As if all of the file had been said by flags. */
  readonly flags: CheckFlags;
}

/**
 * @param isGiven true for a flag that stands on the command line, false where it has its default
 * @throws UsageError, ServerUrlError, ConfigError
 */
export function planned(
  urls: readonly string[],
  flags: CheckFlags,
  isGiven: (flag: keyof CheckFlags) => boolean,
): Planned {
  const config = configFor(flags);
  if (config === null) return { targets: targetsOf(urls, flags), flags };
  const merged = overConfig(flags, config, isGiven);
  return { targets: chosenServers(urls, merged, config), flags: merged };
}

/** For a run without a server: what the file says of judging and of outputs. @throws ConfigError */
export function flagsOverConfig(flags: CheckFlags, isGiven: (flag: keyof CheckFlags) => boolean): CheckFlags {
  const config = configFor(flags);
  return config === null ? flags : overConfig(flags, config, isGiven);
}

function configFor({ config }: CheckFlags): LoadedConfig | null {
  if (config === false) return null;
  const file = config ?? findConfig(process.cwd());
  if (file === null) return null;
  if (config === undefined)
    process.stderr.write(`lastchunk: settings from ${harmless(shownPath(file))} (--no-config for none)\n`);
  return loadConfig(file, process.env);
}

/** Flags win; what was not said stands in the file. */
function overConfig(
  flags: CheckFlags,
  { settings }: LoadedConfig,
  isGiven: (flag: keyof CheckFlags) => boolean,
): CheckFlags {
  const { api, suite, only, skip, timeout, wait, concurrency, seed } = settings;
  const { confirm, repeat, strict, catalogue, body, cacert, baseline, format, outputs } = settings;
  const fromFile: Partial<CheckFlags> = {
    ...(api && { api }),
    ...(suite && { suite }),
    ...(only && { only }),
    ...(skip && { skip }),
    ...(timeout !== undefined && { timeout: String(timeout) }),
    ...(wait !== undefined && { wait: String(wait) }),
    ...(concurrency !== undefined && { concurrency: String(concurrency) }),
    ...(seed !== undefined && { seed: String(seed) }),
    ...(confirm !== undefined && { confirm }),
    ...(repeat !== undefined && { repeat: String(repeat) }),
    ...(strict !== undefined && { strict }),
    ...(catalogue !== undefined && { catalogue: String(catalogue) }),
    ...(body && { body: JSON.stringify(body) }),
    ...(cacert !== undefined && { cacert }),
    ...(baseline !== undefined && { baseline }),
    ...(format && { format }),
  };
  const unsaid = Object.entries(fromFile).filter(([flag]) => !isGiven(flag as keyof CheckFlags));
  const files = outputsOver(flags.output ?? [], outputs ?? {});
  return { ...flags, ...Object.fromEntries(unsaid), ...(files.length > 0 ? { output: files } : {}) };
}

/** A file of a format that the command line names too is not written. */
function outputsOver(
  said: readonly string[],
  configured: Readonly<Record<string, string | undefined>>,
): string[] {
  const formats = new Set(said.map((text) => text.split('=', 1)[0]));
  const others = Object.entries(configured).filter(([format]) => !formats.has(format));
  return [...said, ...others.map(([format, path]) => `${format}=${path}`)];
}

/** URLs take the place of the file's servers; names choose among them. */
function chosenServers(
  said: readonly string[],
  flags: CheckFlags,
  { servers }: LoadedConfig,
): readonly ServerTarget[] {
  const names = new Set(servers.map(({ name }) => name));
  if (said.some((text) => !names.has(text))) return targetsOf(said, flags);
  if (said.length === 0 && (servers.length === 0 || flags.label !== undefined)) return targetsOf(said, flags);
  const chosen = said.length === 0 ? servers : servers.filter(({ name }) => said.includes(name));
  const common = headersOf(flags);
  return chosen.map((server) => targetOf(server, flags, common));
}

function targetOf(
  server: FoundServer,
  flags: CheckFlags,
  common: Readonly<Record<string, string>>,
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
    label: server.label === undefined ? null : labelOf(server.label),
    profile: profileOf(flags) ?? server.profile ?? null,
  };
}

function keyOf(server: FoundServer): string | null {
  const { apiKeyEnv } = server;
  if (apiKeyEnv === undefined) return null;
  const value = process.env[apiKeyEnv]?.trim();
  if (value === undefined || value === '')
    throw server.wrong('apiKeyEnv', `the environment variable ${apiKeyEnv} is not set`);
  if (!IN_HEADER.test(value))
    throw server.wrong('apiKeyEnv', `${apiKeyEnv} has a character that no header can carry`);
  return value;
}
