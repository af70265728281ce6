/** Finds, reads and validates lastchunk.yaml. */
import { dirname, resolve } from 'node:path';
import type { ConfigError } from '../model/errors.ts';
import { fillIn } from './environment-values.ts';
import { type Config, type ConfiguredServer, configSchema } from './schema.ts';
import { nameOf } from './server-target.ts';
import { shownKeys } from './shown-place.ts';
import { validate } from './validate.ts';
import { readSource, type YamlSource } from './yaml-source.ts';

/** A server of the file, with what can be said wrong about it only when it is used. */
export interface FoundServer extends ConfiguredServer {
  readonly name: string;
  /** The error that points at one of its keys. */
  wrong(key: string, what: string): ConfigError;
}

export interface LoadedConfig {
  /** Absolute. */
  readonly file: string;
  /** Paths in it are absolute. */
  readonly settings: Omit<Config, 'servers'>;
  readonly servers: readonly FoundServer[];
  /** A message without the values of the environment that the file names. */
  asWritten(message: string): string;
}

/** @throws ConfigError */
export function loadConfig(path: string, environment: NodeJS.ProcessEnv): LoadedConfig {
  const file = resolve(path);
  const source = readSource(file);
  fillIn(source, environment);
  const { servers, ...settings } = validate(source, configSchema);
  const absolute = (value: string) => resolve(dirname(file), value);
  const { baseline, cacert, tokenizer, outputs } = settings;
  return {
    file,
    settings: {
      ...settings,
      ...(baseline === undefined ? {} : { baseline: absolute(baseline) }),
      ...(cacert === undefined ? {} : { cacert: absolute(cacert) }),
      ...(tokenizer === undefined ? {} : { tokenizer: absolute(tokenizer) }),
      ...(outputs === undefined
        ? {}
        : {
            outputs: Object.fromEntries(
              Object.entries(outputs).map(([format, output]) => [format, absolute(output)]),
            ),
          }),
    },
    servers: namedServers(servers ?? [], source, absolute),
    asWritten: (message) => source.filled.asWritten(message),
  };
}

/** Reports, baselines and diffs tell servers apart by name. */
function namedServers(
  servers: readonly ConfiguredServer[],
  source: YamlSource,
  absolute: (path: string) => string,
): readonly FoundServer[] {
  const names = new Set<string>();
  return servers.map((server, i) => {
    const name = server.name ?? nameOf(server.url);
    const place = ['servers', i, server.name === undefined ? 'url' : 'name'];
    if (names.has(name))
      throw source.wrong(
        place,
        `expected a name of its own; ${JSON.stringify(source.filled.writtenAt(shownKeys(place)) ?? name)} is taken by another server`,
      );
    names.add(name);
    const { tokenizer } = server;
    return {
      ...server,
      ...(tokenizer === undefined ? {} : { tokenizer: absolute(tokenizer) }),
      name,
      wrong: (key, what) => source.wrong(['servers', i, key], what),
    };
  });
}
