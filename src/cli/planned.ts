import { UsageError } from '../model/errors.ts';
/** What a run is to do: the command line over the config file. */

import { type FoundServer, findConfig, type LoadedConfig, loadConfig } from '../config/load-config.ts';
import { shownPath } from '../config/yaml-source.ts';
import { labelOf } from '../run/label.ts';
import type { ServerTarget } from '../run/options.ts';
import { didYouMean } from '../text/did-you-mean.ts';
import { harmless } from '../text/harmless.ts';
import { HEADER_VALUE } from '../wire/header-syntax.ts';
import { shownUrl } from '../wire/url.ts';
import type { CheckFlags } from './check-flags.ts';
import { complainAsWritten } from './exit.ts';
import { type ReferenceFlags, referencesOver } from './reference-flags.ts';
import { headersOf, labelsOf, placeOf, profileOf, targetsOf } from './server-flags.ts';

/** A server, and what its counts are to be compared with. */
export interface PlannedTarget {
  readonly target: ServerTarget;
  readonly references: ReferenceFlags;
}

export interface Planned {
  readonly servers: readonly PlannedTarget[];
  /** As if all of the file had been said by flags. */
  readonly flags: CheckFlags;
}

/**
 * @param isGiven true for a flag that stands on the command line, false where it has its default
 * @throws UsageError, ServerUrlError, ConfigError
 */
export function planned(
  said: readonly string[],
  flags: CheckFlags,
  isGiven: (flag: keyof CheckFlags) => boolean,
): Planned {
  const config = configFor(flags);
  const { tokenizer, referenceServer } = flags;
  const saidReferences: ReferenceFlags = {
    ...(isGiven('reference') && flags.reference !== undefined && { reference: flags.reference }),
    ...(tokenizer !== undefined && { tokenizer }),
    ...(referenceServer !== undefined && { referenceServer }),
  };
  if (config === null) {
    const servers = targetsOf(said, flags).map((target) => ({ target, references: saidReferences }));
    return { servers, flags };
  }
  const merged = overConfig(flags, config, isGiven);
  const references = (server: ReferenceFlags) =>
    referencesOver(saidReferences, referencesOver(server, config.settings));
  return { servers: chosenServers(said, merged, config, references), flags: merged };
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
  const loaded = loadConfig(file, process.env);
  complainAsWritten(loaded.asWritten);
  if (config === undefined)
    process.stderr.write(`lastchunk: settings from ${harmless(shownPath(file))} (--no-config for none)\n`);
  return loaded;
}

/** Flags win; what was not said stands in the file. */
function overConfig(
  flags: CheckFlags,
  { settings }: LoadedConfig,
  isGiven: (flag: keyof CheckFlags) => boolean,
): CheckFlags {
  const { api, suite, only, skip, timeout, maxDuration, wait, concurrency, seed } = settings;
  const { confirm, repeat, strict, failOn, catalogue, body, cacert, baseline, format, outputs } = settings;
  const fromFile: Partial<CheckFlags> = {
    ...(api && { api }),
    ...(suite && { suite }),
    ...(only && { only }),
    ...(skip && { skip }),
    ...(timeout !== undefined && { timeout: String(timeout) }),
    ...(maxDuration !== undefined && { maxDuration: String(maxDuration) }),
    ...(wait !== undefined && { wait: String(wait) }),
    ...(concurrency !== undefined && { concurrency: String(concurrency) }),
    ...(seed !== undefined && { seed: String(seed) }),
    ...(confirm !== undefined && { confirm }),
    ...(repeat !== undefined && { repeat: String(repeat) }),
    ...(strict !== undefined && { strict }),
    ...(failOn && { failOn }),
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

/** Names choose among the file's servers, URLs stand beside them; URLs alone take their place. */
function chosenServers(
  said: readonly string[],
  flags: CheckFlags,
  { file, servers }: LoadedConfig,
  references: (server: ReferenceFlags) => ReferenceFlags,
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
    target: targetOf(server, flags, common, labels.get(placeOf(server.url))?.label ?? server.label),
    references: references(server),
  }));
  if (fromFile.length > 0 && urls.length === 0 && others.size === 0) return fromFile;
  // A URL that was said is taken as it is, even where a server of the file has the same.
  const fromUrls = targetsOf(urls, flags, others).map((target) => ({ target, references: references({}) }));
  return [...fromFile, ...fromUrls];
}

function targetOf(
  server: FoundServer,
  flags: CheckFlags,
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
    label: label === undefined ? null : labelOf(label),
    profile: profileOf(flags) ?? server.profile ?? null,
  };
}

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
