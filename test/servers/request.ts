/** What a client asked for, read and checked the way OpenAI's API does it. */
export type Api = 'chat' | 'completions';
export type Mode = 'stream' | 'nonstream';
export type Option = 'asked' | 'unasked' | 'false' | 'null' | 'empty' | '-';
export type Json = Record<string, unknown>;

export interface Refusal {
  status: number;
  message: string;
  param?: string;
  code?: string;
}

export interface Generation {
  api: Api;
  mode: Mode;
  option: Option;
  body: Json;
  /** One per prompt, as text; token ids stand as words. */
  prompts: string[];
  /** Tokens of each prompt, template and tools included. */
  promptTokens: number[];
  limit: number;
  limitBy: 'max_tokens' | 'max_completion_tokens' | 'default';
  temperature: number;
  n: number;
  stops: string[];
  tools: Json[];
  /** Name of the function that must be called, if any. */
  calls: string | undefined;
  json: boolean;
  logprobs: boolean;
  list: boolean;
  tokenIds: boolean;
}

export class Refused extends Error {
  readonly refusal: Refusal;
  constructor(refusal: Refusal) {
    super(refusal.message);
    this.refusal = refusal;
  }
}

export function isJson(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function refuse(message: string, param?: string, code?: string, status = 400): never {
  throw new Refused({ status, message, ...(param ? { param } : {}), ...(code ? { code } : {}) });
}

export function readOption(body: Json): Option {
  if (body.stream !== true) return '-';
  if (!('stream_options' in body)) return 'unasked';
  const options = body.stream_options;
  if (options === null) return 'null';
  if (!isJson(options)) return refuse('stream_options must be an object', 'stream_options');
  if (options.include_usage === undefined || options.include_usage === null) return 'empty';
  return options.include_usage === true ? 'asked' : 'false';
}

export function positiveInteger(body: Json, name: string, fallback: number): number {
  const value = body[name];
  if (value === undefined || value === null) return fallback;
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 1) {
    return refuse(`Invalid '${name}': expected an integer of at least 1`, name);
  }
  return value;
}

export function readStops(body: Json): string[] {
  const stop = body.stop;
  if (typeof stop === 'string') return [stop];
  if (Array.isArray(stop)) return stop.filter((entry) => typeof entry === 'string');
  return [];
}
