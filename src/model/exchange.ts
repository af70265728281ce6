/**
 * An Exchange is one request and everything that came back, reduced to what the checks read.
 * Memory is flat: frames are kept from the head, the tail and where something happened; the rest is running facts.
 * The same fold runs over a live body and over a recording. Nothing in here knows an API's field names.
 */
import type { Breach } from './breach.ts';
import type { JsonObject } from './json.ts';
import type { StatedError } from './stated-error.ts';

/** What was asked of the server. Headers are not kept: they may hold keys. */
export interface SentRequest {
  readonly method: 'GET' | 'POST';
  readonly url: string;
  /** JSON object as sent; a string where the request was malformed on purpose; null for GET. */
  readonly body: JsonObject | string | null;
}

/** One server-sent event (or NDJSON line) as it came. `at`: ms after the request was sent. */
export interface Frame {
  /** Position among all frames of the body, from 0. */
  readonly index: number;
  readonly at: number;
  /** The data as received, cut at 4 KB. */
  readonly data: string;
  readonly event?: string;
}

/** Absent, null and a value are different observations; the value is raw JSON. */
export type UsageField =
  | { readonly kind: 'absent' }
  | { readonly kind: 'null' }
  | { readonly kind: 'value'; readonly value: unknown };

/** A count as the API names it; undefined where the key is absent, otherwise raw and unchecked. */
export type CountField = readonly [name: string, value: unknown];

/** The counts of a usage; values are raw and unchecked. */
export interface UsageCounts {
  /** All tokens of the prompt: a field, or the sum of several. */
  readonly prompt: unknown;
  readonly completion: unknown;
  /** undefined: not sent, or the API has none. */
  readonly total: unknown;
  /** What the total holds besides prompt and completion; left out: nothing. */
  readonly beside?: unknown;
  /** Cached prompt tokens (undefined: not sent). */
  readonly cached: unknown;
  /** Reasoning tokens inside the completion (undefined: not sent). */
  readonly reasoning: unknown;
  /** What must be there, by the API's own names. */
  readonly required: readonly CountField[];
  /** Further counts, which may be left out. */
  readonly details: readonly CountField[];
  /** Those of each prompt, in their order, where several have counts of their own; the others are the sums then. */
  readonly each?: ReadonlyArray<{ readonly prompt: unknown; readonly completion: unknown }>;
  /** Keys of the details that are not null; left out where the API has none, or there were too many. */
  readonly given?: readonly DetailKey[];
}

/** A key of the details that is there and not null. */
export interface DetailKey {
  /** By its path in the usage. */
  readonly name: string;
  /** What it tells of: `reasoning` of what not every answer has, `cache-fill` of what a cache did not hold yet. */
  readonly about: 'reasoning' | 'cache-fill' | 'anything';
}

/** How a usage is written in its raw text, as far as parsing does not tell. */
export interface UsageText {
  /** Counts that are numbers and no plain integers (`12.0`, `1.2e1`), as they are written. */
  readonly notPlain: ReadonlyArray<readonly [name: string, text: string]>;
  /** Keys that stand twice in the outermost object, the usage or its details. */
  readonly repeated: readonly string[];
}

/** `choices` of the chunk that carried a usage. */
export type ChoicesShape = 'empty' | 'non-empty' | 'absent' | 'null' | 'not-a-list';

/** A non-null usage found in a body, with where it stood. */
export interface UsageReport {
  readonly frame: Frame;
  readonly counts: UsageCounts;
  /** null where the text was not looked at. */
  readonly text: UsageText | null;
  readonly choices: ChoicesShape;
  /** Nothing was delivered before this chunk, nor in it. */
  readonly beforeContent: boolean;
  /** The first finish came before this chunk, or in it. */
  readonly atOrAfterFirstFinish: boolean;
  /** Envelope of the carrying chunk, raw. */
  readonly envelope: Envelope;
}

/** The fields that every chunk of an API repeats; raw values, undefined where absent. */
export interface Envelope {
  readonly id: unknown;
  readonly [name: string]: unknown;
}

/** What one choice delivered, over the whole answer. */
export interface ChoiceFacts {
  /** The index the server gave; null where a choice came without a usable one. */
  readonly index: number | null;
  /** Text, bounded to the first 16 KB (enough to find a stop string in). */
  readonly text: string;
  readonly textLength: number;
  readonly reasoningLength: number;
  /** Tool calls: names and arguments joined, bounded to 16 KB; '' where none came. */
  readonly toolCalls: string;
  /** Digest over text, reasoning and tool calls: equal digests, equal answers. */
  readonly digest: string;
  /** Chunks that delivered something. */
  readonly deltas: number;
  /** Why it ended: what came that was not null, raw and in order of arrival (the first 15 and the last one). */
  readonly finishes: readonly unknown[];
  /** True where text, reasoning or a tool call came after the first finish. */
  readonly deltaAfterFinish: boolean;
  /** Token ids the server itself returned for this choice; null where it sent none. */
  readonly tokenIds: number | null;
  /** Tokens whose log probabilities came, over the whole answer. */
  readonly logprobs: number;
  /** The stop string that ended it, as the server names it; null where it names none. */
  readonly stoppedBy: string | null;
}

/** A field of a delta that is there to hold text, and holds something else. */
export interface MistypedField {
  readonly name: string;
  readonly type: 'number' | 'boolean' | 'list' | 'object';
}

/** A rule that the API's reader saw broken; the frame is null where all of the stream shows it, and where there was none. */
export type SeenBreach = Breach & { readonly frame: Frame | null };

/** Something odd about the framing, in words that complete "the stream has …". */
export interface FramingRemark {
  readonly kind: 'content-type' | 'no-final-blank-line' | 'unknown-line' | 'cut-after-end' | 'too-long';
  readonly detail: string;
}

/** What came after the first end marker. */
export interface AfterEnd {
  /** Further end markers. */
  readonly markers: number;
  /** Non-null usages (the first 63 and the last one). */
  readonly usages: readonly UsageReport[];
  /** Anything else that is not blank: chunks with choices, text, errors (the first 63 and the last one). */
  readonly others: readonly Frame[];
}

/** An error the server reported inside the stream. */
export interface StreamError extends StatedError {
  readonly frame: Frame;
  /**
   * `event`: one well-formed event; `text`: an event whose data is no JSON object; `sse-line`: a line `error: {…}`;
   * `bare-json`: a JSON line outside of any field.
   */
  readonly form: 'event' | 'text' | 'sse-line' | 'bare-json';
  /** Text, reasoning or a tool call was delivered before it. */
  readonly delivered: boolean;
  /** Content delivered after it. */
  readonly contentAfter: Frame | null;
  /** Usage sent after it. */
  readonly usageAfter: Frame | null;
}

/** How a body came to its end. `stopped`: by us, for the reason given. `left`: by us, on purpose (scenario abort). */
export type Ending =
  | { readonly kind: 'clean' }
  | { readonly kind: 'cut'; readonly message: string }
  | { readonly kind: 'stopped'; readonly why: 'timeout' | 'idle' | 'too-large'; readonly message: string }
  | { readonly kind: 'left' };

/** When frames came. */
export interface Arrivals {
  readonly count: number;
  /** ms after the request was sent, ascending: of all frames, or thinned out evenly where they are more than 128. */
  readonly times: readonly number[];
}

/** The facts of a streamed answer. Frames after the first end marker are in `afterEnd` only. */
export interface StreamFacts {
  /** Events with data, the end marker among them. */
  readonly events: number;
  /** First and last 64 frames, and those where something happened; in order, no frame twice. */
  readonly frames: readonly Frame[];
  /** All frames that came, those after the end among them. */
  readonly arrivals: Arrivals;
  /** Events whose data is neither a JSON object nor the end marker (the first 15 and the last one); errors aside. */
  readonly notJson: readonly Frame[];
  readonly remarks: readonly FramingRemark[];
  /** The first end marker, or the last chunk of a stream that its close ends; null where it did not end so. */
  readonly end: Frame | null;
  readonly afterEnd: AfterEnd;
  /** Non-null usages before the end (first 64 and last 64, and the last one with a count). */
  readonly usages: readonly UsageReport[];
  /** How many non-null usages came before the end. */
  readonly usageCount: number;
  /** Chunks with `usage: null`, and without the key: those before the end, or the end where only that carries usage. */
  readonly usageNull: number;
  readonly usageAbsent: number;
  /** Per choice in order of first appearance (the first 128: what came of a later one would not be whole). */
  readonly choices: readonly ChoiceFacts[];
  /** Fields of deltas that held no text where there must be some (the first 16). */
  readonly mistyped: ReadonlyArray<MistypedField & { readonly frame: Frame }>;
  /** The last JSON chunk before the end. */
  readonly lastChunk: Frame | null;
  /** The last chunk that carried a finish. */
  readonly lastFinish: Frame | null;
  /** Envelope of the first chunk with a non-empty choices. */
  readonly firstEnvelope: Envelope | null;
  readonly error: StreamError | null;
  /** What shows that this is another API's stream; null where nothing does. */
  readonly foreign: string | null;
  /** Rules that the API's reader saw broken, each way once. */
  readonly breaches: readonly SeenBreach[];
  /** ms from the request to the first byte of the body, and to the end. */
  readonly firstByteMs: number;
}

/** The facts of a whole (non-streaming) answer. */
export interface AnswerFacts {
  readonly usage: UsageField;
  readonly counts: UsageCounts | null;
  /** null where there is no usage, or its text was not looked at. */
  readonly usageText: UsageText | null;
  /** null where the body is no answer of the API. */
  readonly choices: readonly ChoiceFacts[] | null;
  readonly envelope: Envelope;
  /** By which the server's build can be told; null where it sent none. */
  readonly fingerprint: string | null;
  /** What shows that it is only a part of an answer; null where nothing does. */
  readonly unfinished: string | null;
  readonly breaches: readonly SeenBreach[];
}

/** A response's body by its shape, whatever the content type says. */
export type Body =
  | { readonly kind: 'stream'; readonly ending: Ending; readonly stream: StreamFacts }
  | {
      readonly kind: 'json';
      readonly ending: Ending;
      readonly value: unknown;
      readonly answer: AnswerFacts;
      readonly text: string;
    }
  | { readonly kind: 'text'; readonly ending: Ending; readonly text: string }
  | { readonly kind: 'empty'; readonly ending: Ending };

/** What came back. Only `response` says anything about the server's conformance. */
export type Reply =
  /** No connection: refused, no such host, TLS failure, proxy refusal. */
  | { readonly kind: 'unreachable'; readonly message: string }
  /** Connected, and closed or reset before any response. */
  | { readonly kind: 'dropped'; readonly message: string }
  /** No response within the time allowed. */
  | { readonly kind: 'silent'; readonly waitedMs: number; readonly message: string }
  /** Not sent at all, for the reason given (server given up, dead, rate limit budget spent). */
  | { readonly kind: 'unsent'; readonly message: string }
  | {
      readonly kind: 'response';
      readonly status: number;
      readonly contentType: string;
      /** Lower-case names; only those that tell product or pacing (server, retry-after, x-litellm-version, via …). */
      readonly headers: Readonly<Record<string, string>>;
      /** ms to the response's head, and until the body ended. */
      readonly headMs: number;
      readonly totalMs: number;
      readonly body: Body;
    };

export interface Exchange {
  readonly request: SentRequest;
  readonly reply: Reply;
  /** Redacted command line that repeats the request. */
  readonly curl: string;
}
