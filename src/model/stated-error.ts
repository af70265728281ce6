/** An error as servers report it inside a body, in whichever of its shapes. */
import { isJsonObject, type JsonObject } from './json.ts';

export interface StatedError {
  readonly message: string;
  /** The HTTP status that its code says; null where it says none. */
  readonly status: number | null;
  /** The parameter of the request that it is about, where a field names one. */
  readonly param: string | null;
}

/** Good chunks may carry fields for errors, too: `null`, `""`, `{}`, and whatever is made of nothing else. */
function saysNothing(value: unknown): boolean {
  if (typeof value === 'string') return value.trim() === '';
  if (typeof value !== 'object' || value === null) return !value;
  return Object.values(value).every(saysNothing);
}

/** The error that an object of a stream, or a whole body, reports; null where it reports none. */
export function errorIn(value: JsonObject): StatedError | null {
  const { error, error_code: number } = value;
  if (!saysNothing(error)) return statedBy(value);
  // `{"object":"error","message":…}`
  const isError = value.object === 'error' && (value.choices ?? null) === null;
  // FastChat: 0 on each good chunk.
  const isNumbered = !saysNothing(number) && number !== '0' && ('text' in value || 'message' in value);
  return isError || isNumbered ? statedBy(value) : null;
}

/** Whatever stands in an object that is known to report an error. */
export function statedBy(value: JsonObject): StatedError {
  const { error } = value;
  const inner: JsonObject = isJsonObject(error) ? error : {};
  const codes = [...codesOf(inner), error, ...codesOf(value)];
  const message = reasonOf(value) ?? reasonOf(value.text) ?? JSON.stringify(error ?? value);
  const status = codes.map(statusBy).find((found) => found !== null) ?? statusInWords(codes, message);
  return { message, status, param: typeof inner.param === 'string' ? inner.param : null };
}

const codesOf = ({ code, status, error_code: number, type }: JsonObject): readonly unknown[] => [
  code,
  status,
  number,
  type,
];

/** 429, "429", or with two more digits of the server's own: 40302. */
function statusBy(code: unknown): number | null {
  if (typeof code !== 'number' && typeof code !== 'string') return null;
  const [, status] = /^\s*([45]\d\d)(?:\d\d)?\s*$/.exec(String(code)) ?? [];
  return status === undefined ? null : Number(status);
}

const RATE_LIMIT = /rate[\s_-]*limit|quota|too[\s_-]*many[\s_-]*requests/i;

const STATUS_OF: Readonly<Record<string, number>> = {
  invalid_request_error: 400,
  BadRequestError: 400,
  context_length_exceeded: 400,
  authentication_error: 401,
  permission_error: 403,
  not_found_error: 404,
  model_not_found: 404,
};

function statusInWords(codes: readonly unknown[], message: string): number | null {
  const words = codes.filter((code) => typeof code === 'string');
  if ([...words, message].some((word) => RATE_LIMIT.test(word))) return 429;
  const known = words.find((word) => Object.hasOwn(STATUS_OF, word));
  return known === undefined ? null : (STATUS_OF[known] ?? null);
}

const unlessBlank = (text: string): string | null => (text.trim() === '' ? null : text);

/**
 * The reason that an error body gives: `{error:{message}}`, `{error:"…"}`, `{message}`, `{detail}` and their like. Whole:
 * keys are taken out before anything is cut.
 */
export function reasonOf(value: unknown): string | null {
  if (typeof value === 'string') return unlessBlank(value);
  if (!isJsonObject(value)) return Array.isArray(value) && value.length > 0 ? JSON.stringify(value) : null;
  for (const key of [
    'error',
    'message',
    'detail',
    'errors',
    'msg',
    'reason',
    'error_message',
    'title',
    'description',
  ]) {
    const found = value[key];
    if (found === undefined || found === null || found === false || found === true) continue;
    const reason = typeof found === 'object' ? reasonOf(found) : unlessBlank(String(found));
    if (reason !== null) return reason;
  }
  const code = value.code ?? value.type;
  return typeof code === 'string' ? unlessBlank(code) : null;
}
