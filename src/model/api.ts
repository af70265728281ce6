/**
 * What an API tells the rest of the program. Everything outside src/apis asks these facts and never an API's id, so that
 * a new API is one file that implements `Api`, and a line in src/apis/index.ts.
 */
import type { Breach, WatchedRule } from './breach.ts';
import type { Envelope, MistypedField, SentRequest, UsageCounts, UsageField } from './exchange.ts';
import type { JsonObject } from './json.ts';
import type { StatedError } from './stated-error.ts';

/** In the order of a run and of reports. */
export const apiIds = [
  'chat',
  'completions',
  'responses',
  'messages',
  'ollama-chat',
  'ollama-generate',
  'llamacpp-completion',
  'gemini',
] as const;

export type ApiId = (typeof apiIds)[number];

/** The one that most programs use: what is told of one API only is told of it. */
export const MAIN_API: ApiId = apiIds[0];

export type Mode = 'stream' | 'nonstream';

/** How usage is asked for in a stream; `-` where the API or the mode has no such option. */
export type UsageOption = 'asked' | 'unasked' | 'false' | 'null' | 'empty' | '-';

/** What a scenario may need of an API. */
export type Feature =
  /** Several answers to one prompt. */
  | 'n'
  /** Several prompts in one request. */
  | 'prompt-lists'
  /** A prompt of token ids. */
  | 'token-ids'
  | 'tools'
  /** A certain tool can be demanded. */
  | 'tool-choice'
  | 'json'
  | 'stop'
  | 'logprobs'
  | 'penalties'
  | 'reasoning'
  /** What was said before the prompt, by the system, too. */
  | 'conversation'
  /** The result of a function that was called. */
  | 'tool-result'
  /** A picture beside the text. */
  | 'image'
  /** The limit has a second, newer name. */
  | 'newer-limit'
  /** An endpoint counts prompts without answering them. */
  | 'count';

/** What was said before the prompt. */
export interface Turn {
  readonly by: 'system' | 'user' | 'assistant';
  readonly text: string;
}

/** What a scenario asks for, before an API turns it into its own fields. */
export interface Ask {
  /** One user message, or for prompt APIs the text; several: list of prompts; numbers: token ids. */
  readonly prompt: string | readonly string[] | readonly number[];
  /** What comes before the prompt, in order; nothing where left out. */
  readonly earlier?: readonly Turn[];
  /** A picture beside the prompt, as a data URL. */
  readonly image?: string;
  readonly limit: number;
  /** The limit goes by its newer name. */
  readonly newerLimit?: true;
  readonly n?: number;
  readonly temperature?: number;
  readonly stop?: readonly string[];
  /** `answered`: it was called because of the prompt, and the last message is what it gave. */
  readonly tools?: 'called' | 'offered' | 'answered';
  readonly json?: boolean;
  readonly logprobs?: boolean;
  readonly penalties?: number;
  readonly reasoning?: boolean;
}

export interface Endpoint {
  /** Begins with a slash. `{model}` stands for the model's name, which the body leaves out then. */
  readonly path: string;
  /** Where streams are asked for, with the query that asks for them; left out: at `path`, and the body says it. */
  readonly streamPath?: string;
  /** Below the base URL's version segment (`/v1`), or below what stands in front of it. */
  readonly under: 'version' | 'root';
  /** Sent with every request. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Where a key goes first; `authorization: Bearer` is tried after a 401. Left out: there at once. */
  readonly keyHeader?: string;
}

/** Fields of a request by what they do. */
interface RequestFields {
  /** The prompt is made of these alone. */
  readonly prompt: readonly string[];
  /** How the answer is sent: without them it is the same answer. */
  readonly sending: readonly string[];
  /** They change what is generated, and leave the prompt as it is. */
  readonly generating: readonly string[];
  /** By these a server may add to the prompt what nobody sees. */
  readonly hiding: readonly string[];
  /** The cases differ in these: an answer to other values would be judged wrongly. */
  readonly cases: readonly string[];
}

/** What a prompt consists of, as far as it can be counted. */
export type CountedPrompt = TextPrompt | { readonly kind: 'ids'; readonly count: number };

export type TextPrompt = {
  /** The request that has it, without streaming. */
  readonly body: JsonObject;
  /** The field by which a server may add to it what nobody sees; null where there is none. */
  readonly hiddenBy: string | null;
  /** The messages are those of another kind of request: a server may put a beginning of text of its own before them. */
  readonly translated?: true;
} & (
  | { readonly kind: 'chat'; readonly messages: readonly JsonObject[] }
  | { readonly kind: 'text'; readonly text: string }
);

export interface TokenLimit {
  readonly tokens: number;
  /** The field that sets it, as messages name it. */
  readonly by: string;
  /** A server may not know this name, so that what it generates is not bounded by it. */
  readonly newer: boolean;
}

/** A request's body read back: servers and users may have changed what was encoded. */
export interface RequestFacts {
  readonly limit: TokenLimit | null;
  /** null where it is of a kind that is not counted (several prompts, an API without references). */
  readonly prompt: CountedPrompt | null;
  /** How many answers are asked for to each prompt. */
  readonly answers: number;
  /** null: not the body says it, but the path. */
  readonly stream: boolean | null;
  /** The stop strings that are set. */
  readonly stopStrings: readonly string[];
  /** The likeliest token is taken each time. */
  readonly greedy: boolean;
  /** Usage is asked for in the stream; left out: the API has no asking. */
  readonly asksUsage?: boolean;
}

/** Why generating ended. `context`: the window was full; `truncated`: so it was, and the word for it is that of the limit. */
export type FinishMeaning = 'limit' | 'stop' | 'tool' | 'filter' | 'context' | 'truncated';

/** The API's own words, for messages. */
export interface Terms {
  /** What a whole answer must have, e.g. "choices". */
  readonly whole: string;
  /** The end of a stream, e.g. "[DONE]". */
  readonly end: string;
  /** The field that says why generating ended, e.g. "finish_reason", and its values. */
  readonly finish: string;
  /** Fields that a shown frame keeps: usage, finish, the choices, errors, and those that hold them. */
  readonly telling: readonly string[];
  readonly finishes: ReadonlyMap<string, FinishMeaning>;
  /** The value of `finishes` that means the limit. */
  readonly limitFinish: string;
  /** How an answer says that a stop string ended it; left out where that cannot be told. */
  readonly stopped?: StopTerms;
  /** The counts that must be there, e.g. "prompt, completion and total counts". */
  readonly counts: string;
  /** The field with the sum; null where the API has none. */
  readonly total: string | null;
  /** How usage is asked for in a stream; null where there is no asking. */
  readonly askUsage: string | null;
  /** How a feature is asked for, where a scenario says so. */
  readonly asks: Partial<Readonly<Record<Feature, string>>>;
}

/** How the end by a stop string is said. */
export interface StopTerms {
  /** The value of `finishes`. */
  readonly finish: string;
  /** The field with the string; null where there is none. */
  readonly field: string | null;
  /** It must be there; else it must be right where it is sent. */
  readonly required: boolean;
}

/** What an API promises of its stream beyond what every stream must hold; checks of the same name judge it. */
export type Rule =
  /** One chunk carries usage. */
  | 'usage-once'
  /** Nothing but the end follows the chunk with usage. */
  | 'usage-last'
  /** The chunk with usage has no choices. */
  | 'usage-chunk-choices-empty'
  /** It has the stream's id. */
  | 'usage-chunk-id'
  /** Where usage was asked for, all other chunks say that theirs is null. */
  | 'usage-null-before'
  /** Choices are numbered. */
  | 'choices-indexed'
  /** Whatever holds text in a delta is a string, null or absent. */
  | 'delta-types'
  /** Each prompt of a list has a usage of its own, and its answer a finish of its own. */
  | 'usage-per-prompt'
  /** Watched by the API's reader. */
  | WatchedRule;

/** A field that the chunk with usage repeats, and what it must hold. */
export interface EnvelopeField {
  readonly name: string;
  readonly holds: 'a string' | 'an integer' | 'a number' | { readonly value: string };
}

/** One choice as one chunk (or a whole answer) mentions it. */
export interface ChoicePart {
  /** The index given; undefined where absent or no integer ≥ 0. */
  readonly index: number | undefined;
  readonly text: string;
  readonly reasoning: string;
  /** Names and argument pieces of tool calls, joined. */
  readonly toolCalls: string;
  /** Why it ended, as it came: a value of `Terms.finishes`, or anything else. null: absent or null. */
  readonly finish: unknown;
  /** Token ids the server returned with this part. */
  readonly tokenIds: number | null;
  /** Tokens whose log probabilities came with this part; left out: none. */
  readonly logprobs?: number;
  /** Fields that hold no text where there must be some; left out: none. */
  readonly mistyped?: readonly MistypedField[];
  /** The stop string that ended it, where the server names it. */
  readonly stoppedBy?: string;
}

/** A list, or what stands in its place. */
export type Choices = readonly ChoicePart[] | 'absent' | 'null' | 'not-a-list';

/** One JSON object of a stream, read. */
export interface Chunk {
  /** The usage as it stands after this chunk, where this chunk carries some: an API may send it in pieces. */
  readonly usage: UsageField;
  readonly choices: Choices;
  /** null where objects of this kind repeat none. */
  readonly envelope: Envelope | null;
  /** The error that this chunk reports: nothing else in it is read then. */
  readonly error: StatedError | null;
  /** True where this object itself is the end marker (`done:true`, `message_stop`, `response.completed`). */
  readonly ends: boolean;
  /** True where it says nothing and may stand anywhere, the end included (`ping`). */
  readonly idle?: true;
  /** Rules that this object broke. */
  readonly breaches?: readonly Breach[];
}

/** Reads the chunks of one response, in order. It may remember. */
export interface StreamReader {
  /** @param event the name of its server-sent event */
  read(value: JsonObject, event: string | undefined): Chunk;
  /** Once the answer is over: rules that only all of it can break. */
  ended?(): readonly Breach[];
  /** Once all is read: what shows that this is not a stream of this API; null where nothing does. */
  foreign?(): string | null;
}

/** A whole answer. */
export interface Whole {
  readonly usage: UsageField;
  /** A list where this is an answer of this API. */
  readonly choices: Choices;
  readonly envelope: Envelope;
  /** By which the server's build can be told. */
  readonly fingerprint: string | null;
  /** What shows that it is only a part of one. */
  readonly unfinished?: string;
  readonly breaches?: readonly Breach[];
}

/** Where usage stands in a chunk, so that a recorded stream can be replayed with another usage, or without. */
interface UsageInChunk {
  /** The counts as one object; null where this chunk carries none. */
  find(chunk: JsonObject): JsonObject | null;
  /** The chunk with other counts in place of its own; null: `usage: null`; undefined: none. */
  replace(chunk: JsonObject, usage: JsonObject | null | undefined): JsonObject;
  /** The chunk with nothing but its usage. */
  alone(chunk: JsonObject): JsonObject;
  /** The name of the event that holds a chunk, where events have names. */
  nameOf?(chunk: JsonObject): string;
  /** Nothing is left of it without its usage. */
  isAlone(chunk: JsonObject): boolean;
  /** This object ends the stream. */
  ends(chunk: JsonObject): boolean;
  /** Names of the counts in what `find` gives. */
  readonly counts: {
    readonly prompt: string;
    readonly completion: string;
    /** null where there is no sum. */
    readonly total: string | null;
  };
}

/** What is sent instead, from then on, where a refusal names a parameter. */
export interface Substitute {
  readonly name: string;
  readonly note: string;
  /** Whether a refusal that names it is about the parameter itself; left out: always. */
  isMeant?(reason: string): boolean;
  /** The same object where there is nothing to change. */
  apply(body: JsonObject): JsonObject;
}

/** How a streaming request asks for its usage. */
interface Asking {
  /**
   * The text of a request with the question in it and everything else as it is written; null where it asks already, wants
   * no stream, or says something else in that place.
   * @param body what the text says
   */
  added(text: string, body: JsonObject): string | null;
  /** By these a refusal names the question. */
  readonly names: readonly string[];
}

/** Counts the prompt of a request, and answers nothing. */
interface CountEndpoint extends Endpoint {
  /** What is sent there instead of a request. */
  body(request: JsonObject): JsonObject;
  /** The count in the answer, raw and unchecked. */
  read(answer: unknown): unknown;
}

/** What a proxy has to know of an API to observe its requests, and to see to it that streams carry usage. */
export interface ProxiedApi {
  /** `gen_ai.operation.name` of the OpenTelemetry conventions. */
  readonly operation: string;
  /** What makes a request one for the whole of a shortest answer, set in its text: its usage has the count of the same prompt. */
  readonly shortest: readonly MemberToSet[];
  /** A usage of these counts. */
  usage(prompt: number, completion: number): JsonObject;
  /** A chunk with usage alone, named as the chunks of its stream are. */
  usageChunk(envelope: Envelope, usage: JsonObject): JsonObject;
}

interface MemberToSet {
  readonly path: readonly string[];
  readonly json: string;
}

export interface Api {
  readonly id: ApiId;
  readonly title: string;
  readonly endpoint: Endpoint;
  /** The catalogue that brought it; the first where left out. */
  readonly catalogue?: number;
  /**
   * Few servers have it: its first request tells, and where it is not served that is no finding. Left out: its absence is
   * told case by case.
   */
  readonly discovered?: true;
  /** Where the API has one, `features` has `count`. */
  readonly countEndpoint?: CountEndpoint;
  readonly framing: 'sse' | 'ndjson';
  /** The data of the end marker, where it is not JSON; null where a JSON object ends the stream, or nothing but its close. */
  readonly endMarker: string | null;
  /** Nothing marks the end: a clean close does, once every choice has said why it ended. */
  readonly endsByClosing?: true;
  /** Data that is no JSON and no fault: passed over before the end, and once behind it. */
  readonly strayMarker: string | null;
  /** Usage and finish stand on the end marker: without it nothing is known of them. */
  readonly endCarriesUsage: boolean;
  /** A part of the usage stands on the opening event: without it nothing is known of usage. */
  readonly startCarriesUsage?: true;
  /** Ways to ask for usage in a stream, the one that asks first; none: it comes unasked. */
  readonly usageOptions: readonly UsageOption[];
  readonly features: ReadonlySet<Feature>;
  readonly rules: ReadonlySet<Rule>;
  /** What of `rules` its reader watches. */
  readonly watches?: ReadonlySet<WatchedRule>;
  /** The API whose prompts a server usually renders the same way. */
  readonly rendersAs?: ApiId;
  /** Fields of the chunk with usage; none: nothing is promised. */
  readonly envelope: readonly EnvelopeField[];
  readonly terms: Terms;
  /** What its bodies are made of, words and names of fields: a key that is part of them cannot be taken out. */
  readonly vocabulary: string;
  readonly fields: RequestFields;
  readonly substitutes: readonly Substitute[];
  /** What of a request decides what its answer looks like, the weightiest first: by these a replay finds the most similar one. */
  readonly traits: ReadonlyArray<(body: JsonObject) => unknown>;
  readonly usageInChunk: UsageInChunk;
  /** The request's body without the model. */
  encode(ask: Ask, mode: Mode, option: UsageOption, seed: number): JsonObject;
  readRequest(body: JsonObject): RequestFacts;
  /** The same request without streaming. */
  unstreamed(body: JsonObject): JsonObject;
  /** Left out: there is no asking. */
  readonly asking?: Asking;
  /** The same request with an answer of one token that is not streamed, so that its usage counts the prompt. */
  promptAlone?(body: JsonObject): JsonObject;
  /** The same request, saying that it wants no stream: for servers that stream where nothing is said. */
  wantsWhole?(body: JsonObject): JsonObject;
  /** Left out: its requests are passed on by a proxy and not looked at. */
  readonly proxied?: ProxiedApi;
  /** One for each response. */
  openStream(request: SentRequest['body']): StreamReader;
  /** @param value the JSON of a body that was not streamed */
  readWhole(value: unknown, request: SentRequest['body']): Whole;
  /** @param usage as a chunk or a whole answer of this API gave it */
  readUsage(usage: unknown): UsageCounts;
  /** Where typed clients look for counts in the text that carries a usage; left out: not known. */
  readonly usagePlaces?: UsagePlaces;
}

export interface UsagePlaces {
  /** The keys that lead to a usage, one list for each place; an empty list is the outermost object. */
  readonly at: ReadonlyArray<readonly string[]>;
  /** By its key in the usage: an object with further counts. */
  isDetails(key: string): boolean;
  /** To be written as a plain integer. `details`: the key of the object it stands in; null: the usage itself. */
  isCount(name: string, details: string | null): boolean;
}
