/** Which part of a fleet this machine checks. */

import { createHash } from 'node:crypto';
import { integer } from '../../config/flags.ts';
import type { Settings } from '../../config/schema.ts';
import type { ServerTarget } from '../../config/server-target.ts';
import { UsageError } from '../../model/errors.ts';
import type { ExpectedFailure } from '../../model/report.ts';
import { MOST_SHARDS, type Shard } from '../../model/shard.ts';
import { plural } from '../../text/plural.ts';

/**
 * `--shard I/N`, counted from 1; else, in a Kubernetes Indexed Job, JOB_COMPLETION_INDEX, counted from 0, of
 * JOB_COMPLETIONS. Kubernetes sets only the index: without the other each pod checks one server.
 * @returns null where all is checked here
 * @throws UsageError
 */
export function shardOf(
  said: string | undefined,
  environment: NodeJS.ProcessEnv,
  servers: number,
): Shard | null {
  if (said !== undefined) return parseShard(said);
  const index = environment.JOB_COMPLETION_INDEX;
  if (index === undefined || index === '') return null;
  const at = integer(index, 'JOB_COMPLETION_INDEX', 0, MOST_SHARDS - 1) + 1;
  const completions = environment.JOB_COMPLETIONS;
  const count =
    completions === undefined || completions === ''
      ? servers
      : integer(completions, 'JOB_COMPLETIONS', 1, MOST_SHARDS);
  if (at > count) {
    const what = completions
      ? `JOB_COMPLETIONS is ${count}`
      : `there ${servers === 1 ? 'is' : 'are'} ${plural(servers, 'server')}, one a pod`;
    throw new UsageError(
      `JOB_COMPLETION_INDEX ${index}: ${what}; set JOB_COMPLETIONS to the number of pods, or --shard 1/1 to check all here`,
    );
  }
  return { index: at, count };
}

function parseShard(text: string): Shard {
  const match = /^(\d{1,6})\/(\d{1,6})$/.exec(text.trim());
  const [index, count] = [Number(match?.[1]), Number(match?.[2])];
  if (match === null || index < 1 || count < index || count > MOST_SHARDS)
    throw new UsageError(`--shard ${JSON.stringify(text)}: write I/N, counted from 1, e.g. --shard 1/4`);
  return { index, count };
}

/** What all shards of one run have in common, as a short text to compare. */
export function planOf(
  targets: readonly ServerTarget[],
  settings: Settings,
  expected: readonly ExpectedFailure[] | null,
): string {
  const { api, suite, only, skip, strict, failOn, confirm, repeat, catalogue, body } = settings;
  const servers = targets.map(({ name, model, label, profile }) => ({ name, model, label, profile }));
  const plan = {
    servers,
    api,
    suite,
    only,
    skip,
    strict,
    failOn,
    confirm,
    repeat,
    catalogue,
    body,
    expected,
  };
  return createHash('sha256').update(JSON.stringify(plan)).digest('hex').slice(0, 16);
}
