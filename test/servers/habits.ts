import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Answer, ModelTraits } from './answer.ts';
import type { Generation, Json } from './request.ts';

/** One step of a streamed answer: a JSON event, bytes as they are, or a way to end the connection. */
export type StreamEvent = { json: unknown } | { raw: string } | { cut: 'reset' | 'unterminated' | 'short' };

export interface ServerState {
  /** Requests for generation so far. */
  requests: number;
  /** Generation requests that are being answered now. */
  inFlight: number;
  /** Streams that the client left. */
  aborted: number;
  /** Whatever a faulty server must remember. */
  memory: Map<string, number>;
  /** Closes the listener and destroys all connections, like a process that crashed. */
  die(): void;
}

/** What a hook may know about the request it changes. */
export interface Context extends Generation {
  /** 1 for the first generation request of this server. */
  number: number;
  /** How often this API saw the same prompt before; and in the same mode. */
  seen: number;
  seenInMode: number;
  /** Requests in flight when this one came, itself included. */
  together: number;
  /** Words of all prompts. */
  words: number;
  /** Known once the answer is made. */
  answer: Answer;
  server: ServerState;
}

export interface PlainAnswer {
  status: number;
  headers?: Record<string, string>;
  body?: string | Buffer;
  /** The connection breaks off behind the body. */
  cut?: boolean;
}

export interface Habits {
  traits?: Partial<ModelTraits>;
  /** How the server states its context: in the model list, or not at all. */
  states?: 'max_model_len' | 'meta' | 'nothing';
  /** What GET /v1/models answers instead of its list; undefined leaves the list. */
  models?: (list: Json) => PlainAnswer | 'hang' | undefined;
  /** Any other path than the three of the API. */
  elsewhere?: (path: string, body: string) => PlainAnswer | 'hang' | 'close' | undefined;
  /** Before anything is read: whole-server answers such as 401. */
  atDoor?: (path: string, server: ServerState) => PlainAnswer | 'hang' | 'close' | undefined;
  /** A body that is no JSON. */
  onMalformed?: (api: 'chat' | 'completions', server: ServerState) => PlainAnswer | undefined;
  /** Instead of an answer. */
  instead?: (context: Context) => PlainAnswer | 'hang' | 'close' | undefined;
  /** Takes the response over; true when it did. */
  takeOver?: (context: Context, request: IncomingMessage, response: ServerResponse) => boolean;
  /** A prompt that does not fit the context; undefined leaves the 400 of a correct server, 'truncate' answers. */
  onOverlong?: (context: Context) => PlainAnswer | 'hang' | 'truncate' | undefined;
  delay?: (context: Context) => number;
  mapLimit?: (limit: number, context: Context) => number;
  mapAnswer?: (answer: Answer, context: Context) => Answer;
  /** undefined leaves the key out. */
  mapUsage?: (usage: Usage, context: Context) => unknown;
  mapEvents?: (events: StreamEvent[], context: Context) => StreamEvent[];
  mapBody?: (body: Json, context: Context) => unknown;
  /** The encoded body of an answer that is not streamed. */
  mapBodyText?: (text: string, context: Context) => string;
  /** The encoded stream before it is cut into writes. */
  mapWire?: (wire: string, context: Context) => string;
  mapHeaders?: (headers: Record<string, string>, context: Context) => Record<string, string>;
  /** Bytes per write of a stream; chosen by the server when absent. */
  bytesPerWrite?: number;
  /** No chunked encoding: the connection's end ends the body. */
  closeDelimited?: boolean;
  gzip?: boolean;
  onAbort?: (context: Context) => void;
  /** Names of the shape of a stream; all legal. */
  tokensPerChunk?: number;
  finishWithLastToken?: boolean;
  withoutRoleChunk?: boolean;
  caches?: boolean;
}

export interface Usage extends Json {
  prompt_tokens: number;
  completion_tokens: number;
  total_tokens: number;
  prompt_tokens_details: { cached_tokens: number };
  completion_tokens_details: { reasoning_tokens: number };
}
