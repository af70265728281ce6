/** The shape of lastchunk-baseline.yaml. Keys may be added, none renamed: users have such files. */

import * as z from 'zod';
import { checkIds } from '../checks/catalogue.ts';
import { comparableRange, isOneVersion } from '../judge/baseline.ts';
import { matcher } from '../model/glob.ts';
import { didYouMean } from '../text/did-you-mean.ts';
import { allCaseKeys } from './selection.ts';

const text = z.string().regex(/\S/, { error: 'expected a text, found an empty one', abort: true });

const check = z
  .enum(checkIds, {
    error: ({ input }) =>
      typeof input === 'string'
        ? `unknown check${didYouMean(input, checkIds) || '; see lastchunk list checks'}`
        : `${input === undefined ? 'is missing; ' : ''}expected the id of a check`,
  })
  .describe('Id of a check');

const caseGlob = text
  .refine((value) => allCaseKeys().some(matcher(value)), 'matches no case; see lastchunk list cases')
  .describe('Glob over case ids, e.g. chat/stream/asked/*');

const versions = text
  .refine(
    (value) => isOneVersion(value) || comparableRange(value) !== null,
    'expected a semver range, e.g. ">=0.2.84 <0.4.0"',
  )
  .describe(
    'semver range (builds: ">=b11000 <b12000"), or one version as it is shown; where left out: any version',
  );

const expires = z
  .string()
  .regex(/^\d{4}-\d\d-\d\d$/, { error: 'expected a date, e.g. 2027-06-30', abort: true })
  .refine(isDate, 'expected a date that there is, e.g. 2027-06-30')
  .describe('The last day on which it is accepted');

const entry = z.strictObject({
  product: text.describe('Id of the product; the name of the server, where its product is unknown'),
  versions: z.exactOptional(versions),
  check,
  case: caseGlob,
  reason: text.describe('Why it is accepted'),
  expires: z.exactOptional(expires),
  flaky: z.exactOptional(z.boolean()).describe('It need not fail each time'),
});

/** What a baseline file may hold. */
export const baselineSchema = z
  .strictObject({ expected: z.array(entry) })
  .describe('Failures that are known and do not fail the run of lastchunk check');

function isDate(value: string): boolean {
  const date = new Date(`${value}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(value);
}

/** The JSON Schema that ships as docs/lastchunk-baseline.schema.json. */
export function baselineJsonSchema(): object {
  const schema = z.toJSONSchema(baselineSchema, { io: 'input', target: 'draft-7' });
  return { title: 'lastchunk-baseline.yaml', ...schema };
}
