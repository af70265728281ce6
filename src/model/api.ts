/** What an API must tell the rest of the program. A new API is one file that implements this, and a line in `index.ts`. */
import type { Envelope, UsageCounts, UsageField } from './exchange.ts';
import type { JsonObject } from './json.ts';

export type ApiId =
  | 'chat'
  | 'completions'
  | 'responses'
  | 'messages'
  | 'ollama-chat'
  | 'ollama-generate'
  | 'llamacpp-completion';

export type Mode = 'stream' | 'nonstream';

/** How usage is asked for in a stream; `-` where the API or the mode has no such option. */
export type UsageOption = 'asked' | 'unasked' | 'false' | 'null' | 'empty' | '-';

/** One choice as one chunk (or a whole answer) mentions it. */
export interface ChoicePart {
  /** The index given; undefined where absent or no integer ≥ 0. */
  readonly index: number | undefined;
  readonly text: string;
  readonly reasoning: string;
  /** Names and argument pieces of tool calls, joined. */
  readonly toolCalls: string;
  readonly finish: string | null;
  /** Token ids the server returned with this part. */
  readonly tokenIds: number | null;
}

/** One JSON object of a stream, read. */
export interface Chunk {
  readonly usage: UsageField;
  /** `absent`, `null` and `not-a-list` differ from a list, which may be empty. */
  readonly choices: readonly ChoicePart[] | 'absent' | 'null' | 'not-a-list';
  readonly envelope: Envelope;
  /** The error's message where this chunk reports one. */
  readonly error: string | null;
  /** True where this object itself is the end marker (`done:true`, `message_stop`, `response.completed`). */
  readonly ends: boolean;
}

/** What a scenario asks for, before an API turns it into its own fields. */
export interface Ask {
  /** One user message, or for prompt APIs the text; several: list of prompts; numbers: token ids. */
  readonly prompt: string | readonly string[] | readonly number[];
  readonly limit: number;
  /** `max_completion_tokens` instead of `max_tokens`. */
  readonly limitName?: 'max_tokens' | 'max_completion_tokens';
  readonly n?: number;
  readonly temperature?: number;
  readonly stop?: readonly string[];
  readonly tools?: 'called' | 'offered';
  readonly json?: boolean;
  readonly logprobs?: boolean;
  readonly penalties?: number;
  readonly reasoning?: boolean;
}

export interface Api {
  readonly id: ApiId;
  readonly title: string;
  /** Path below the base URL, `/v1` left out. */
  readonly path: string;
  readonly framing: 'sse' | 'ndjson';
  /** The data of the end marker, where it is not JSON; null where a JSON object ends the stream. */
  readonly endMarker: string | null;
  readonly streamOptions: readonly UsageOption[];
  /** `object` of a stream's chunks; null where the API has none. */
  readonly chunkObject: string | null;
  /** The request's body without the model. */
  buildBody(ask: Ask, mode: Mode, option: UsageOption, seed: number): JsonObject;
  readChunk(value: JsonObject, event: string | undefined): Chunk;
  /** A non-streaming answer. */
  readAnswer(value: JsonObject): Pick<Chunk, 'usage' | 'choices' | 'envelope'>;
  readUsage(usage: unknown): UsageCounts;
}
