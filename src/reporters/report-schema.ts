/** The schema of a JSON report: the contract other programs read, and what `merge` and `diff` validate with. */
import * as z from 'zod';
import { apiIds } from '../model/api.ts';
import { sourceIds } from '../model/reference.ts';
import { failOns, type Report } from '../model/report.ts';
import { MOST_SHARDS } from '../model/shard.ts';

// Loose throughout: a later version may add fields, and a reader keeps what it does not know.
const count = z.number().int().min(0);
const verdict = z.enum(['pass', 'fail', 'warn', 'skip', 'error']);
const api = z.enum(apiIds);

const evidence = z.looseObject({
  frames: z.array(
    z.looseObject({
      at: z.number(),
      data: z.string(),
      event: z.exactOptional(z.string()),
      number: z.exactOptional(z.number().int().min(1)),
    }),
  ),
  curl: z.string(),
  arrivals: z.exactOptional(z.looseObject({ count, times: z.array(z.number()) })),
});

const summary = z.looseObject({ pass: count, fail: count, warn: count, skip: count, error: count });

const result = z.looseObject({
  check: z.string(),
  case: z.string(),
  api,
  verdict,
  level: z.enum(['MUST', 'SHOULD']),
  expected: z.string(),
  class: z.exactOptional(z.string()),
  observed: z.string(),
  message: z.string(),
  cause: z.exactOptional(z.string()),
  numbers: z.exactOptional(z.record(z.string(), z.number())),
  baselined: z.boolean(),
  confirmed: z.exactOptional(z.enum(['2/2', '1/2', '-'])),
  lowered: z.exactOptional(z.looseObject({ reason: z.string(), link: z.string() })),
  reference: z.exactOptional(z.string()),
  times: z.exactOptional(summary),
  evidence: z.exactOptional(evidence),
});

const halt = z.looseObject({
  kind: z.enum(['unreached', 'died', 'given-up', 'unauthorized', 'lost', 'interrupted', 'out-of-time']),
  message: z.string(),
  case: z.exactOptional(z.string()),
});

/** What is known of a failing check in this product, and what helps, the best first. */
const advice = z.looseObject({
  check: z.string(),
  fact: z.string(),
  actions: z.array(z.looseObject({ kind: z.string(), text: z.string(), link: z.string() })),
});

const run = z.looseObject({ from: z.string(), to: z.string(), versions: count });

/** In which measured versions of the product a check that fails does so, and in which it holds. */
const measured = z.looseObject({
  launched: z.string(),
  upstream: z.exactOptional(z.string()),
  check: z.string(),
  class: z.string(),
  apis: z.array(z.string()),
  fails: z.array(run),
  holds: z.array(run),
});

const server = z.looseObject({
  name: z.string(),
  baseUrl: z.string(),
  product: z.string().nullable(),
  version: z.string().nullable(),
  headline: z.exactOptional(z.string()),
  advice: z.exactOptional(z.array(advice)),
  measured: z.exactOptional(z.array(measured)),
  identifiedBy: z.string().nullable(),
  behind: z.string().nullable(),
  profile: z.string(),
  model: z.string().nullable(),
  context: z.number().nullable(),
  halt: halt.nullable(),
  notServed: z.exactOptional(z.array(api)),
  notes: z.array(z.string()),
  silentReferences: z.exactOptional(
    z.array(z.looseObject({ source: z.enum(sourceIds), message: z.string() })),
  ),
  requests: count,
  durationMs: z.number().min(0),
  serverMs: z.number().min(0),
  launched: z.exactOptional(
    z.looseObject({
      product: z.string(),
      version: z.string(),
      log: z.string().nullable(),
      upstream: z.exactOptional(z.looseObject({ product: z.string(), version: z.string() })),
    }),
  ),
  startAgain: z.exactOptional(z.array(z.string())),
  runs: z.exactOptional(count),
  seed: z.exactOptional(z.number()),
  results: z.array(result),
});

const change = z.looseObject({
  check: z.string(),
  api: z.string(),
  observed: z.string(),
  cases: z.array(z.string()),
});

const step = z.looseObject({
  from: z.string(),
  to: z.string(),
  verdict: z.string(),
  breaks: z.array(change),
  fixes: z.array(change),
  warns: z.array(change),
  unjudged: z.array(change),
  unanswered: z.array(z.string()),
});

const baselineUse = z.looseObject({
  product: z.string(),
  versions: z.exactOptional(z.string()),
  check: z.string(),
  case: z.string(),
  reason: z.string(),
  expires: z.exactOptional(z.string()),
  flaky: z.exactOptional(z.boolean()),
  judged: count,
  failed: count,
  erred: z.exactOptional(count),
  state: z.enum(['holds', 'stale', 'expired', 'open', 'unused']),
});

/** Validates a report as read from a file. */
export const reportSchema: z.ZodType<Report> = z.looseObject({
  schemaVersion: z.literal(1),
  tool: z.looseObject({ name: z.literal('lastchunk'), version: z.string() }),
  environment: z.exactOptional(z.looseObject({ command: z.string(), node: z.string(), os: z.string() })),
  startedAt: z.iso.datetime(),
  durationMs: z.number().min(0),
  catalogue: z.number().int(),
  seed: z.number(),
  suite: z.string(),
  strict: z.boolean(),
  failOn: z.exactOptional(z.enum(failOns)),
  partial: z.boolean(),
  shard: z.exactOptional(
    z.looseObject({
      index: z.number().int().min(1),
      count: z.number().int().min(1).max(MOST_SHARDS),
      servers: z.array(z.string()),
      plan: z.string(),
    }),
  ),
  servers: z.array(server),
  summary,
  steps: z.exactOptional(z.array(step)),
  baseline: z.exactOptional(z.array(baselineUse)),
  baselineFile: z.exactOptional(z.string()),
  remarks: z.exactOptional(z.array(z.string())),
  exitCode: z.number().int(),
});

/** The JSON Schema that ships as docs/report.schema.json. */
export function reportJsonSchema(): object {
  const schema = z.toJSONSchema(reportSchema, { io: 'input', target: 'draft-7' });
  return { title: 'lastchunk report', ...schema };
}
