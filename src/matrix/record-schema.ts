/** What a file with a record, or with notes on faults, has to be. */
import * as z from 'zod';
import { type FaultNotes, parts, type VersionRecord } from '../model/record.ts';

// Loose: a later version may add fields.
const count = z.number().int().min(0);
const text = z.string().max(20_000);
const classes = z.record(z.string(), count);
const server = z.looseObject({ product: text, version: text });

const tally = z.union([
  count,
  z.strictObject({
    pass: z.exactOptional(count),
    fail: z.exactOptional(classes),
    warn: z.exactOptional(classes),
    error: z.exactOptional(count),
  }),
]);

const fault = z.looseObject({
  check: text,
  class: text,
  case: text,
  expected: text,
  observed: text,
  frame: z.exactOptional(z.looseObject({ event: z.exactOptional(text), data: text })),
  curl: z.exactOptional(text),
});

const head = {
  kind: z.literal('lastchunk-record'),
  schemaVersion: z.literal(1),
  product: text,
  version: text,
  upstream: z.exactOptional(server),
  measured: z.looseObject({
    at: z.iso.datetime(),
    tool: text,
    catalogue: count,
    suite: text,
    seed: z.number(),
  }),
  started: z.exactOptional(z.array(text)),
};

export const recordSchema = z.discriminatedUnion('state', [
  z.looseObject({
    ...head,
    state: z.literal('measured'),
    identified: z.looseObject({ product: text.nullable(), version: text.nullable() }),
    model: text.nullable(),
    requests: count,
    seconds: count,
    halt: z.exactOptional(
      z.looseObject({
        kind: z.enum(['unreached', 'died', 'given-up', 'unauthorized', 'lost', 'interrupted', 'out-of-time']),
        message: text,
        case: z.exactOptional(text),
      }),
    ),
    notServed: z.array(text),
    judged: z.exactOptional(z.record(z.string(), z.record(z.string(), z.array(text)))),
    narrow: z.exactOptional(
      z.array(
        z.looseObject({
          check: text,
          class: text,
          api: text,
          mode: z.enum(['stream', 'nonstream']),
          scenarios: z.array(text),
        }),
      ),
    ),
    results: z.record(z.string(), z.partialRecord(z.enum(parts), z.record(z.string(), tally))),
    faults: z.array(fault),
  }),
  z.looseObject({ ...head, state: z.literal('unavailable'), reason: text }),
]) satisfies z.ZodType<VersionRecord>;

const link = z.url({ protocol: /^https$/ });

export const faultNotesSchema = z.strictObject({
  kind: z.literal('lastchunk-faults'),
  schemaVersion: z.literal(1),
  product: text,
  upstream: z.exactOptional(text),
  faults: z.array(
    z.strictObject({
      check: text,
      class: z.exactOptional(text),
      apis: z.exactOptional(z.array(text)),
      byHand: z.exactOptional(
        z.strictObject({
          version: text,
          on: z.iso.date(),
          command: text,
          lines: z.array(text),
          shows: z.exactOptional(text),
        }),
      ),
      report: z.exactOptional(
        z.union([
          z.strictObject({ link, title: text, state: z.enum(['open', 'closed', 'merged']) }),
          z.strictObject({ link: z.null(), searched: z.iso.date() }),
        ]),
      ),
    }),
  ),
}) satisfies z.ZodType<FaultNotes>;

/** The JSON Schema of a record. */
export function recordJsonSchema(): object {
  const schema = z.toJSONSchema(recordSchema, { io: 'input', target: 'draft-7' });
  return { title: 'lastchunk record of a server version', ...schema };
}
