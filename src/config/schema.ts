/** The shape of lastchunk.yaml. Keys may be added, none renamed: users have such files. */
import * as z from 'zod';
import { faultOfFields } from '../apis/case-fields.ts';
import { apis } from '../apis/index.ts';
import { NEWEST_CATALOGUE } from '../checks/catalogue.ts';
import { sourceIds } from '../model/reference.ts';
import { failOns, formats, outputFormats } from '../model/report.ts';
import { products } from '../products/index.ts';
import { parseSources } from '../references/options.ts';
import { suites } from '../scenarios/index.ts';
import { didYouMean } from '../text/did-you-mean.ts';
import { DURATION, durationMs } from '../text/duration.ts';
import { HEADER_NAME, HEADER_VALUE } from '../wire/headers.ts';
import { parseServerUrl, ServerUrlError } from '../wire/url.ts';
import { VARIABLE, VARIABLE_NAME } from './environment-values.ts';
import { MOST_GLOBS, matchesNothing, SelectionError, selectionOf } from './selection.ts';

const CATALOGUE_ERROR = `expected latest, or a catalogue that there is (the newest is ${NEWEST_CATALOGUE})`;

const text = z.string().regex(/\S/, { error: 'expected a text, found an empty one', abort: true });

/** In ms. @param zero true where no time at all makes sense */
const duration = (zero: boolean) => {
  const error = `expected seconds${zero ? '' : ' (more than 0)'}, or 500ms, 5s, 2m; at most a day`;
  const fits = (value: number | string) => {
    const ms = durationMs(String(value));
    return ms !== null && (zero || ms > 0);
  };
  const number = (zero ? z.number(error).min(0, error) : z.number(error).gt(0, error)).max(86_400, error);
  return z
    .union([number, z.string().trim().regex(DURATION, { error, abort: true })], error)
    .refine(fits, { error, when: ({ issues }) => issues.length === 0 })
    .transform((value) => durationMs(String(value)) ?? 0);
};

/** Variables of the environment are texts: "4" is taken where a number is meant, "true" where a truth is. */
const wholeNumber = (least: number, most: number) => {
  const error = `expected a whole number from ${least} to ${most}`;
  const number = z.int(error).min(least, error).max(most, error);
  const written = z.string().trim().regex(/^\d+$/, { error, abort: true });
  return z.union([number, written.transform(Number).pipe(number)], error);
};

const truth = z.union(
  [z.boolean(), z.enum(['true', 'false']).transform((value) => value === 'true')],
  'expected true or false',
);

const url = text
  .superRefine((value, context) => {
    try {
      parseServerUrl(value);
    } catch (error) {
      if (!(error instanceof ServerUrlError)) throw error;
      context.addIssue({
        code: 'custom',
        message: error.message,
        params: { reason: `no server URL: ${error.reason}` },
      });
    }
  })
  .meta({
    description: 'Base URL, with or without /v1',
    pattern: `^\\s*[Hh][Tt][Tt][Pp][Ss]?://\\S|${VARIABLE}`,
  });

const header = z.string().regex(HEADER_VALUE, 'expected only characters that a header can carry');

/** As the flags of the same names. */
const references = {
  reference: text
    .superRefine((value, context) => {
      try {
        parseSources(value);
      } catch (error) {
        const known = ['auto', 'none', ...sourceIds];
        const reason = `expected ${known.join(', ')}, or several with commas`;
        context.addIssue({
          code: 'custom',
          message: `${reason}${didYouMean(value, known)}`,
          params: { reason, why: error instanceof Error ? error.message : reason },
        });
      }
    })
    .transform(parseSources)
    .optional()
    .describe('What counts are compared with: auto, none, or forced,ids,endpoint,tokenizer,server'),
  tokenizer: text.optional().describe('GGUF file or Hugging Face tokenizer of the model, to count with'),
  referenceServer: url.optional().describe('A second server with the same model, to compare counts with'),
};

const server = z
  .strictObject({
    name: text
      .optional()
      .describe('What it is called in reports and in the baseline; its host where left out'),
    url,
    model: text.optional().describe('Model to ask for; found by itself where the server lists just one'),
    apiKeyEnv: z
      .string()
      .regex(VARIABLE_NAME, 'expected the name of an environment variable')
      .optional()
      .describe('Environment variable with the API key'),
    headers: z
      .record(z.string().regex(HEADER_NAME, 'expected the name of a header'), header)
      .optional()
      .describe('Sent with each request'),
    label: text
      .optional()
      .describe('Product and version of a server that does not tell, e.g. "my-server 1.4"'),
    profile: z
      .enum(['openai', ...products.keys()])
      .optional()
      .describe('Product whose accepted deviations hold; openai: none'),
    ...references,
  })
  .describe('A server to check');

const glob = text.superRefine((value, context) => {
  try {
    selectionOf([value], []);
  } catch (error) {
    if (!(error instanceof SelectionError)) throw error;
    context.addIssue({
      code: 'custom',
      message: matchesNothing(value),
      params: { reason: 'matches no check and no case' },
    });
  }
});

const globs = z.array(glob).max(MOST_GLOBS, `expected at most ${MOST_GLOBS} globs`);

const requestFields = z.record(z.string(), z.json()).superRefine((fields, context) => {
  const fault = faultOfFields(fields);
  if (fault !== null) context.addIssue({ code: 'custom', message: fault });
});

const outputFile = text.refine((value) => value !== '-', 'expected a file; for stdout write format');

/** What flags and the config file say of a run, by the keys of the file. */
const settings = {
  api: z
    .array(z.enum([...apis.keys()]))
    .optional()
    .describe('APIs to test; all where left out'),
  suite: z.enum(suites).optional().describe('How much is sent'),
  only: globs.optional().describe('Globs over checks and cases to show'),
  skip: globs.optional().describe('Globs over checks and cases to leave out'),
  timeout: duration(false)
    .optional()
    .describe('One request as a whole: seconds, or a text like 500ms, 5s, 2m'),
  maxDuration: duration(false)
    .optional()
    .describe('The whole run; what was not measured by then is an error'),
  wait: duration(true).optional().describe('Wait so long for a server that has just been started'),
  concurrency: wholeNumber(1, 64).optional().describe('Requests to one server at a time'),
  seed: wholeNumber(0, 0x7fffffff).optional().describe('Seed of the prompts; random where left out'),
  confirm: truth.optional().describe('Ask again what failed'),
  repeat: wholeNumber(1, 100_000).optional().describe('Run the suite so many times'),
  strict: truth.optional().describe('SHOULDs fail, and no deviation is accepted'),
  failOn: z.enum(failOns).optional().describe('What fails the run; warn: fails and warnings'),
  catalogue: z
    .union([z.int().min(1), z.string().regex(/^(?:[1-9]\d*|latest)$/, CATALOGUE_ERROR)], CATALOGUE_ERROR)
    .refine((value) => value === 'latest' || Number(value) <= NEWEST_CATALOGUE, CATALOGUE_ERROR)
    .transform((value) => (value === 'latest' ? NEWEST_CATALOGUE : Number(value)))
    .optional()
    .describe(
      'Catalogue of checks and cases, so that a newer lastchunk runs no others; latest where left out',
    ),
  body: requestFields.optional().describe('Fields merged into each request'),
  cacert: text.optional().describe('PEM certificates to trust besides the usual ones'),
  ...references,
  baseline: text.optional().describe('File of expected failures'),
  format: z.enum(formats).optional().describe('What is printed'),
  outputs: z
    .partialRecord(z.enum(outputFormats), outputFile)
    .optional()
    .describe('Files to write, by format; issue is a folder'),
};

/** What a lastchunk.yaml may hold. */
export const configSchema = z
  .strictObject({
    servers: z
      .array(server)
      .optional()
      .describe('Servers to check; a URL on the command line takes their place'),
    ...settings,
  })
  .describe(
    'Configuration of lastchunk check; paths are relative to this file, values may name environment variables',
  );

const plainGlobs = z.array(z.string()).optional();

/** The same by flags. What is wrong with a glob is told by `selectionOf`, which knows the catalogue. */
export const flagSchema = z.object({
  ...settings,
  only: plainGlobs,
  skip: plainGlobs,
  profile: server.shape.profile,
});

export type FlagSettings = z.infer<typeof flagSchema>;
export type Settings = Omit<FlagSettings, 'profile'>;
export type Config = z.infer<typeof configSchema>;
export type ConfiguredServer = z.infer<typeof server>;

/** The JSON Schema that ships as docs/lastchunk.schema.json: of the file as written, where any value may be a variable. */
export function configJsonSchema(): object {
  const schema = z.toJSONSchema(configSchema, {
    io: 'input',
    target: 'draft-7',
    override({ jsonSchema, path }) {
      if (path.includes('propertyNames')) return;
      const { type, enum: values, anyOf } = jsonSchema;
      const variable = { type: 'string' as const, pattern: VARIABLE };
      if (values !== undefined) {
        delete jsonSchema.type;
        delete jsonSchema.enum;
        jsonSchema.anyOf = [{ ...(type && { type }), enum: values }, variable];
      } else if (anyOf !== undefined && !anyOf.some(({ pattern }) => pattern === VARIABLE))
        anyOf.push(variable);
    },
  });
  return { title: 'lastchunk.yaml', ...schema };
}
