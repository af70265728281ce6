/** The scenarios of the matrix: what each asks for, where it applies, and in which suite. */
import type { Api, Ask, Feature, Mode, Terms } from '../model/api.ts';
import type { ScenarioId } from '../model/case-id.ts';
import {
  JSON_REQUEST,
  LONG_LIST,
  REASONING_QUESTION,
  REPETITION,
  SHORT_QUESTION,
  TOKEN_IDS,
  TOOL_REQUEST,
  UTF8_TEXT,
} from './prompts.ts';

export type Suite = 'smoke' | 'standard' | 'full';
export const suites: readonly Suite[] = ['smoke', 'standard', 'full'];

/** How a scenario's requests are sent; `plain`: one request a case, built from `ask` alone. */
export type Course =
  | 'plain'
  | 'text'
  | 'stop'
  | 'grow'
  | 'repeat'
  | 'list'
  | 'parallel'
  | 'sequence'
  | 'abort'
  | 'overlong';

export interface Scenario {
  readonly id: ScenarioId;
  /** The catalogue that brought it; the first where left out. */
  readonly catalogue?: number;
  readonly suite: Suite;
  readonly course: Course;
  /** It is sent to APIs that have all of these. */
  readonly needs: readonly Feature[];
  readonly modes: readonly Mode[];
  /** A server may lack it: anything but a proper answer or a refusal with a reason is a warning, not a fail. */
  readonly optional: boolean;
  /** Only its own relation check, error-ends-stream and server-survives are judged. */
  readonly relation: boolean;
  /** A function where it takes the API's own words. */
  readonly about: string | ((asks: Terms['asks']) => string);
  /** The request; where prompts depend on the run (seed, earlier answers), the prompt here is replaced. */
  readonly ask: Ask;
}

const BOTH: readonly Mode[] = ['stream', 'nonstream'];
const base = {
  suite: 'standard',
  course: 'plain',
  needs: [] as readonly Feature[],
  modes: BOTH,
  optional: false,
  relation: false,
} as const;
const relation = { ...base, modes: ['stream'] as readonly Mode[], relation: true } as const;

/** In the order of a run: features, then what may disturb the server, then what may kill it. */
export const scenarios: readonly Scenario[] = [
  {
    ...base,
    id: 'text',
    suite: 'smoke',
    course: 'text',
    about: 'limit 16, with every way to ask for usage or not',
    ask: { prompt: LONG_LIST, limit: 16 },
  },
  {
    ...base,
    id: 'short',
    suite: 'smoke',
    about: 'the same prompt, limit 8',
    ask: { prompt: LONG_LIST, limit: 8 },
  },
  {
    ...base,
    id: 'max-completion-tokens',
    needs: ['newer-limit'],
    about: (asks) => `${asks['newer-limit']} 8 alone`,
    ask: { prompt: LONG_LIST, limit: 8, newerLimit: true },
  },
  {
    ...base,
    id: 'natural',
    about: 'a question with a short answer, limit 256',
    ask: { prompt: SHORT_QUESTION, limit: 256 },
  },
  {
    ...base,
    id: 'stop',
    needs: ['stop'],
    course: 'stop',
    about: 'a stop string seen in the earlier answer',
    ask: { prompt: LONG_LIST, limit: 16 },
  },
  {
    ...base,
    id: 'grow-20',
    course: 'grow',
    about: 'a prompt with 20 words, limit 8',
    ask: { prompt: '', limit: 8 },
  },
  {
    ...base,
    id: 'grow-80',
    course: 'grow',
    about: 'a prompt with 80 words, limit 8',
    ask: { prompt: '', limit: 8 },
  },
  {
    ...base,
    id: 'grow-240',
    course: 'grow',
    about: 'a prompt with 240 words, limit 8',
    ask: { prompt: '', limit: 8 },
  },
  {
    ...base,
    id: 'repeat',
    course: 'repeat',
    about: 'a fresh prompt cold, then warm, limit 8',
    ask: { prompt: '', limit: 8 },
  },
  {
    ...base,
    id: 'utf8',
    about: 'emoji, CJK and combining marks, limit 16',
    ask: { prompt: UTF8_TEXT, limit: 16 },
  },
  {
    ...base,
    id: 'tools-offered',
    needs: ['tools'],
    optional: true,
    about: 'a function that must not be called, limit 16',
    ask: { prompt: LONG_LIST, limit: 16, tools: 'offered' },
  },
  {
    ...base,
    id: 'n2',
    needs: ['n'],
    optional: true,
    about: 'two choices, temperature 1, limit 8',
    ask: { prompt: LONG_LIST, limit: 8, n: 2, temperature: 1 },
  },
  {
    ...base,
    id: 'list-prompts',
    needs: ['prompt-lists'],
    course: 'list',
    optional: true,
    about: 'two of the grow prompts in one request, limit 8',
    ask: { prompt: [], limit: 8 },
  },
  {
    ...base,
    id: 'token-ids',
    needs: ['token-ids'],
    optional: true,
    about: 'a prompt of token ids, limit 8',
    ask: { prompt: TOKEN_IDS, limit: 8 },
  },
  {
    ...base,
    id: 'logprobs',
    needs: ['logprobs'],
    suite: 'full',
    optional: true,
    about: 'with logprobs, limit 8',
    ask: { prompt: LONG_LIST, limit: 8, logprobs: true },
  },
  {
    ...base,
    id: 'repetition',
    needs: ['penalties'],
    suite: 'full',
    optional: true,
    about: 'penalties -2 on a repeated word, limit 16',
    ask: { prompt: REPETITION, limit: 16, penalties: -2 },
  },
  {
    ...base,
    id: 'reasoning',
    needs: ['reasoning'],
    suite: 'full',
    optional: true,
    about: 'reasoning asked for, limit 256',
    ask: { prompt: REASONING_QUESTION, limit: 256, reasoning: true },
  },
  {
    ...relation,
    id: 'parallel',
    course: 'parallel',
    about: 'the prompts of text and grow at once',
    ask: { prompt: LONG_LIST, limit: 16 },
  },
  {
    ...relation,
    id: 'sequence',
    course: 'sequence',
    about: 'a refused request, then four very different ones, each twice',
    ask: { prompt: '', limit: 8 },
  },
  {
    ...relation,
    id: 'abort',
    course: 'abort',
    about: 'leave after the first delta, then the plain request again',
    ask: { prompt: LONG_LIST, limit: 256 },
  },
  {
    ...base,
    id: 'tools-called',
    needs: ['tools', 'tool-choice'],
    optional: true,
    about: 'a function that must be called, limit 64',
    ask: { prompt: TOOL_REQUEST, limit: 64, tools: 'called' },
  },
  {
    ...base,
    id: 'json',
    needs: ['json'],
    optional: true,
    about: ({ json }) => `${json}, limit 64`,
    ask: { prompt: JSON_REQUEST, limit: 64, json: true },
  },
  {
    ...relation,
    id: 'overlong',
    suite: 'full',
    course: 'overlong',
    about: 'a prompt longer than the context, then the plain request again',
    ask: { prompt: '', limit: 8 },
  },
];

/** What it does, in the words of an API. */
export const aboutOf = ({ about }: Scenario, { terms }: Api): string =>
  typeof about === 'string' ? about : about(terms.asks);

/** Whether an API has what a scenario needs. */
export const suits = ({ needs }: Scenario, { features }: Api): boolean =>
  needs.every((feature) => features.has(feature));

const byId = new Map(scenarios.map((scenario) => [scenario.id, scenario]));

export function scenarioOf(id: ScenarioId): Scenario {
  const scenario = byId.get(id);
  if (scenario === undefined) throw new Error(`no such scenario: ${id}`);
  return scenario;
}
