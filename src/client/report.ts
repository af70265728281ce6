/** What is told of one answer, in the words of OpenAI's APIs: programs read them. */
import { isCount } from '../model/answer.ts';
import type { Api } from '../model/api.ts';
import { isJsonObject, type JsonObject } from '../model/json.ts';
import type { ChoiceSizes } from '../watch/choice-tally.ts';
import type { Watched } from '../watch/watched.ts';

/** Token counts as the server sent them, with whatever else stands in its usage, or as they were counted. */
export interface Usage {
  readonly prompt_tokens: number;
  readonly completion_tokens: number;
  readonly total_tokens: number;
  readonly [more: string]: unknown;
}

export interface UsageReport {
  /** null where it is not known: never zeros in its place. */
  readonly usage: Usage | null;
  /** `counted`: exactly, by a counter; `estimate`: by a counter that does not claim that; `unknown`: there is none. */
  readonly source: 'server' | 'counted' | 'estimate' | 'unknown';
  /** Whether each number is what the server would have to say. Its own word counts as that. */
  readonly exact: boolean;
  /** Ids of lastchunk's checks that the answer fails, as `lastchunk explain` knows them. */
  readonly problems: string[];
  /** `left`: by its reader, before it was complete. */
  readonly end: 'complete' | 'left' | 'cut' | 'error';
  /** Why each choice ended. */
  readonly finish: string[];
  readonly model: string | null;
  readonly responseId: string | null;
}

/** What a counter is asked. */
export interface CountRequest {
  readonly api: 'chat' | 'completions';
  /** The request's body; empty where it is not known. */
  readonly request: JsonObject;
  /** All that was generated: text, reasoning and tool calls, of all choices. */
  readonly text: string;
  /** Why each choice ended. */
  readonly finish: readonly string[];
  /** The text of each choice. */
  readonly texts: readonly string[];
  /** How many chunks brought some of it. */
  readonly chunks: number;
  /** Sends another body to where the request went, with the same headers, and gives the JSON that comes back; only with `withUsage`. */
  readonly send?: (body: JsonObject) => Promise<unknown>;
}

export interface Count {
  readonly prompt_tokens: number;
  readonly completion_tokens: number;
  /** Both are what the server would have to say. */
  readonly exact: boolean;
}

/** Counts that are no more than likely. */
export const countFrom = (prompt: number, completion: number): Count => ({
  prompt_tokens: prompt,
  completion_tokens: completion,
  exact: false,
});

/** Counts the tokens of an answer that came whole and without usage; null where it cannot. */
export type Counter = (asked: CountRequest) => Count | null | Promise<Count | null>;

export interface UsageOptions {
  /** Called once for each answer. What it throws is dropped. */
  readonly onReport?: (report: UsageReport) => void;
  /** Asked in this order where no usable usage came and the answer is complete. */
  readonly count?: Counter | readonly Counter[];
}

/** What of an exchange counters are told besides. */
export interface Told {
  readonly api: Api;
  readonly request: JsonObject | null;
  readonly send?: CountRequest['send'];
}

/** Never rejects. */
export async function reportOf(
  watched: Watched,
  told: Told,
  { count = [] }: UsageOptions,
): Promise<UsageReport> {
  const { problems, end, finish, model, answerId } = watched;
  const rest = { problems: [...problems], end, finish: [...finish], model, responseId: answerId };
  const reported = usageIn(watched.usage);
  if (reported !== null) return { usage: reported, source: 'server', exact: true, ...rest };
  const counted = watched.countable ? await firstCount([count].flat(), watched, told) : null;
  if (counted === null) return { usage: null, source: 'unknown', exact: false, ...rest };
  const { prompt_tokens, completion_tokens, exact } = counted;
  const usage = { prompt_tokens, completion_tokens, total_tokens: prompt_tokens + completion_tokens };
  return { usage, source: exact ? 'counted' : 'estimate', exact, ...rest };
}

/** An answer of which nothing is known. */
export const unknownReport = (end: UsageReport['end'], problems: readonly string[] = []): UsageReport => ({
  usage: null,
  source: 'unknown',
  exact: false,
  problems: [...problems],
  end,
  finish: [],
  model: null,
  responseId: null,
});

function usageIn(usage: JsonObject | null): Usage | null {
  if (usage === null) return null;
  const { prompt_tokens: prompt, completion_tokens: completion, total_tokens: total } = usage;
  if (!isCount(prompt) || !isCount(completion) || !isCount(total)) return null;
  return { ...usage, prompt_tokens: prompt, completion_tokens: completion, total_tokens: total };
}

async function firstCount(counters: readonly Counter[], watched: Watched, told: Told): Promise<Count | null> {
  const { texts, choices, finish } = watched;
  if (texts === null) return null;
  const asked: CountRequest = {
    api: told.api.id === 'completions' ? 'completions' : 'chat',
    request: told.request ?? {},
    text: texts.join(''),
    finish,
    texts,
    chunks: choices.reduce((sum, { textChunks }: ChoiceSizes) => sum + textChunks, 0),
    ...(told.send === undefined ? {} : { send: told.send }),
  };
  for (const counter of counters) {
    try {
      const count = countIn(await counter(asked), asked);
      if (count !== null) return count;
    } catch {
      // The next one may be able to.
    }
  }
  return null;
}

/** What a counter gave, where it may be: a prompt has a token at least, and so has a text. */
function countIn(count: unknown, { text }: CountRequest): Count | null {
  if (!isJsonObject(count)) return null;
  const { prompt_tokens: prompt, completion_tokens: completion, exact } = count;
  if (!isCount(prompt) || !isCount(completion) || prompt === 0) return null;
  if (completion === 0 && text !== '') return null;
  return { prompt_tokens: prompt, completion_tokens: completion, exact: exact === true };
}
