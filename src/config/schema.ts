/** The shape of lastchunk.yaml. Contract: keys may be added, none renamed. */
import { z } from 'zod';
import { apis } from '../apis/index.ts';
import { suites } from '../plan/scenarios.ts';
import { SelectionError, selectionOf } from '../plan/selection.ts';
import { formats } from '../report/reporters.ts';
import { products } from '../servers/index.ts';
import { parseServerUrl, ServerUrlError } from '../wire/url.ts';
import { didYouMean } from './did-you-mean.ts';

const DURATION = /^\d+(?:\.\d+)?(?:ms|s|m)?$/;
const HEADER = /^[!#$%&'*+.^_`|~0-9a-z-]+$/i;

/** What a header's value may hold. */
export const IN_HEADER = /^[\t -~\x80-\xff]*$/;

const text = z.string().min(1, 'expected a text, found an empty one');

const duration = z
  .union([z.number().min(0), z.string().regex(DURATION, 'expected seconds, or 500ms, 5s, 2m')])
  .describe('Seconds, or a text like 500ms, 5s, 2m');

const url = text
  .superRefine((value, context) => {
    try {
      parseServerUrl(value);
    } catch (error) {
      if (!(error instanceof ServerUrlError)) throw error;
      context.addIssue({ code: 'custom', message: error.message });
    }
  })
  .describe('Base URL, with or without /v1');

const profile = text
  .superRefine((value, context) => {
    const known = ['openai', ...products.keys()];
    if (!known.includes(value))
      context.addIssue({
        code: 'custom',
        message: `unknown profile; expected ${known.join(', ')}${didYouMean(value, known)}`,
      });
  })
  .describe('Product whose accepted deviations hold; openai: none');

const header = z.string().regex(IN_HEADER, 'expected only characters that a header can carry');

const server = z
  .strictObject({
    name: text
      .optional()
      .describe('What it is called in reports and in the baseline; its host where left out'),
    url,
    model: text.optional().describe('Model to ask for; found by itself where the server lists just one'),
    apiKeyEnv: text.optional().describe('Environment variable with the API key'),
    headers: z
      .record(z.string().regex(HEADER, 'expected the name of a header'), header)
      .optional()
      .describe('Sent with each request'),
    label: text
      .optional()
      .describe('Product and version of a server that does not tell, e.g. "my-server 1.4"'),
    profile: profile.optional(),
  })
  .describe('A server to check');

const glob = text.superRefine((value, context) => {
  try {
    selectionOf([value], []);
  } catch (error) {
    if (!(error instanceof SelectionError)) throw error;
    context.addIssue({
      code: 'custom',
      message: 'matches no check and no case; see lastchunk list checks, lastchunk list cases',
    });
  }
});

const wholeNumber = (least: number, most: number) => z.int().min(least).max(most);

/** What a lastchunk.yaml may hold. */
export const configSchema = z
  .strictObject({
    servers: z
      .array(server)
      .optional()
      .describe('Servers to check; a URL on the command line takes their place'),
    api: z
      .array(z.enum([...apis.keys()]))
      .optional()
      .describe('APIs to test; all where left out'),
    suite: z.enum(suites).optional().describe('How much is sent'),
    only: z.array(glob).optional().describe('Globs over checks and cases to show'),
    skip: z.array(glob).optional().describe('Globs over checks and cases to leave out'),
    timeout: duration.optional().describe('One request as a whole: seconds, or a text like 500ms, 5s, 2m'),
    wait: duration.optional().describe('Wait so long for a server that has just been started'),
    concurrency: wholeNumber(1, 64).optional().describe('Requests to one server at a time'),
    seed: wholeNumber(0, 0x7fffffff).optional().describe('Seed of the prompts; random where left out'),
    confirm: z.boolean().optional().describe('Ask again what failed'),
    repeat: wholeNumber(1, 100_000).optional().describe('Run the suite so many times'),
    strict: z.boolean().optional().describe('SHOULDs fail, and no deviation is accepted'),
    catalogue: z
      .union([z.literal(1), z.literal('latest')])
      .optional()
      .describe('Catalogue of checks'),
    body: z.record(z.string(), z.json()).optional().describe('Fields merged into each request'),
    cacert: text.optional().describe('PEM certificates to trust besides the usual ones'),
    baseline: text.optional().describe('File of expected failures'),
    format: z.enum(formats).optional().describe('What is printed'),
    outputs: z.partialRecord(z.enum(formats), text).optional().describe('Files to write, by format'),
  })
  .describe(
    'Configuration of lastchunk check; paths are relative to this file, values may name environment variables',
  );

export type Config = z.infer<typeof configSchema>;
export type ConfiguredServer = z.infer<typeof server>;

/** The JSON Schema that ships as docs/lastchunk.schema.json. */
export function configJsonSchema(): object {
  const schema = z.toJSONSchema(configSchema, { io: 'input', target: 'draft-7' });
  return { title: 'lastchunk.yaml', ...schema };
}
