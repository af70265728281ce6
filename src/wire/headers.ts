import { type Redact, redactedHead } from './bounded.ts';

/** The name of a header: what RFC 9110 calls a token. */
export const HEADER_NAME = /^[!#$%&'*+.^_`|~0-9a-z-]+$/i;

/** What the value of a header may hold. */
export const HEADER_VALUE = /^[\t -~\x80-\xff]*$/;

/** Response headers as undici gives them: lower-case names. */
export type RawHeaders = Readonly<Record<string, string | string[] | undefined>>;

const MAX_HEADERS = 64;
const MAX_VALUE = 256;
const NAMES = new Set([
  'server',
  'via',
  'retry-after',
  'location',
  'www-authenticate',
  'content-encoding',
  'date',
]);
/** Products and gateways name themselves in headers of their own; rate limits pace a run. */
const PREFIXES = ['x-', 'openai-', 'anthropic-', 'llm_', 'ratelimit', 'cf-', 'apim-', 'azureml-'];
const NEVER = /cookie|token$|api-key|secret|authorization/;

/** One value of a header; several are joined as HTTP joins them. '' where it is absent. */
export function headerValue(headers: RawHeaders, name: string): string {
  const value = headers[name];
  return Array.isArray(value) ? value.join(', ') : (value ?? '');
}

/** The headers that tell product or pacing, bounded, redacted. */
export function tellingHeaders(headers: RawHeaders, redact: Redact): Readonly<Record<string, string>> {
  const kept: Record<string, string> = {};
  let count = 0;
  for (const name of Object.keys(headers)) {
    if (count >= MAX_HEADERS) break;
    if (name.length > 80 || NEVER.test(name)) continue;
    if (!NAMES.has(name) && !PREFIXES.some((prefix) => name.startsWith(prefix))) continue;
    kept[name] = redactedHead(headerValue(headers, name), MAX_VALUE, redact);
    count += 1;
  }
  return kept;
}
