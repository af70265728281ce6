/** Usage whose values are right, written so that typed clients refuse it. */
import { all, legacy, plain, streaming, when } from '../conditions.ts';
import { rewrittenUsage } from '../edits.ts';
import type { BrokenServer } from '../entries.ts';

const USAGE = '"usage":{';
const FILLING = JSON.stringify('{"usage":{"prompt_tokens":1.5},'.repeat(700));

/** Puts a member at the beginning of the first object that follows the text. */
const member = (before: string, text: string) =>
  rewrittenUsage((json) => json.replace(before, () => `${before}${text},`));

export const writings: BrokenServer[] = [
  {
    name: 'all three counts are written with a fraction',
    source: 'usage-plain-json: 12.0',
    habits: rewrittenUsage((json) =>
      json.replace(/"(prompt|completion|total)_tokens":(\d+)/g, '"$1_tokens":$2.0'),
    ),
  },
  {
    name: 'the prompt count is written with an exponent',
    source: 'usage-plain-json: 1.2e1',
    habits: rewrittenUsage((json) => json.replace(/"prompt_tokens":(\d+)/, '"prompt_tokens":$1e0')),
  },
  {
    name: 'cached tokens are written with a fraction, in legacy streams',
    source: 'usage-plain-json: *_tokens of the details',
    habits: when(
      all(legacy, streaming),
      rewrittenUsage((json) => json.replace(/"cached_tokens":(\d+)/, '"cached_tokens" : $1.00 ')),
    ),
  },
  {
    name: 'the total is written with a fraction when not streaming',
    source: 'usage-plain-json: chunk (or body)',
    habits: when(
      plain,
      rewrittenUsage((json) => json.replace(/"total_tokens":(\d+)/, '"total_tokens":$1.0')),
    ),
  },
  {
    name: 'usage: null, and then the usage, in one object',
    source: 'usage-plain-json: a key twice at the top level',
    habits: rewrittenUsage((json) => json.replace(USAGE, () => `"usage":null,${USAGE}`)),
  },
  {
    name: 'the model is named twice beside the usage',
    source: 'usage-plain-json: a key twice at the top level',
    habits: rewrittenUsage((json) => json.replace('{', '{"model":"another",')),
  },
  {
    name: 'the prompt count comes twice, once with an escape in its name',
    source: 'usage-plain-json: a key twice in the usage',
    habits: member(USAGE, '"prompt\\u005ftokens":0'),
  },
  {
    name: 'cached tokens come twice',
    source: 'usage-plain-json: details included',
    habits: member('"prompt_tokens_details":{', '"cached_tokens":0'),
  },
  {
    name: 'a count comes twice behind twenty thousand characters',
    source: 'usage-plain-json, in a chunk of which only the beginning is kept',
    habits: member(USAGE, `"filling":${FILLING},"total_tokens":1`),
  },
].map((server) => ({ ...server, fails: [], warns: ['usage-plain-json'] }));
