/** What a case can cost at the most, before anything is sent. Pure. */
import type { Ask } from '../model/api.ts';
import { type CaseId, caseKey } from '../model/case-id.ts';
import { scenarioOf } from './index.ts';
import { freshPrompt, growPrompt, overlongPrompt } from './prompts.ts';
import { SEQUENCE, sequencePrompt } from './sequence.ts';

export interface Cost {
  readonly requests: number;
  /** Tokens of prompts and of answers. */
  readonly prompt: number;
  readonly generated: number;
}

/** A chat template, and a function's schema, on top of a prompt's own text. */
const TEMPLATE_TOKENS = 64;
const TOOL_TOKENS = 256;

/** No vocabulary needs more tokens than a text has bytes. */
function promptTokens({ prompt, tools }: Ask): number {
  const own =
    typeof prompt === 'string'
      ? Buffer.byteLength(prompt)
      : prompt.reduce<number>(
          (sum, part) => sum + (typeof part === 'number' ? 1 : Buffer.byteLength(part)),
          0,
        );
  return own + TEMPLATE_TOKENS + (tools === undefined ? 0 : TOOL_TOKENS);
}

/** The requests of a case, as they are sent to a server that refuses nothing. */
function asksOf(id: CaseId, seed: number): readonly Ask[] {
  const { ask, course } = scenarioOf(id.scenario);
  const text = scenarioOf('text').ask;
  const grow = (name: string): Ask => ({ ...ask, prompt: growPrompt(Number(name.slice(5)), seed), limit: 8 });
  switch (course) {
    case 'grow':
      return [grow(id.scenario)];
    case 'repeat': {
      const fresh = { ...ask, prompt: freshPrompt(seed, caseKey(id)) };
      return [fresh, fresh];
    }
    case 'list':
      return ['grow-20', 'grow-80'].map(grow);
    case 'parallel':
      return [ask, ...['grow-20', 'grow-80', 'grow-240'].map(grow)];
    case 'sequence':
      return SEQUENCE.flatMap((step) => {
        const one = { prompt: sequencePrompt(step, 1, seed, 0), limit: step.limit };
        return [one, one];
      });
    case 'abort':
      return [ask, text];
    case 'overlong':
      return [{ ...ask, prompt: overlongPrompt(null, seed) }, text];
    case 'plain':
    case 'text':
    case 'stop':
      return [ask];
  }
}

/** The most a case costs when it is sent once. */
export function costOf(id: CaseId, seed: number): Cost {
  const asks = asksOf(id, seed);
  const sum = (pick: (ask: Ask) => number) => asks.reduce((total, ask) => total + pick(ask), 0);
  return {
    requests: requestsOf(id),
    prompt: sum(promptTokens),
    generated: sum(({ limit, n }) => limit * (n ?? 1)),
  };
}

/** How many requests a case sends. */
export function requestsOf(id: CaseId): number {
  switch (scenarioOf(id.scenario).course) {
    case 'repeat':
    case 'abort':
    case 'overlong':
      return 2;
    case 'parallel':
      return 4;
    case 'sequence':
      // One of them is malformed, and costs nothing.
      return 2 * SEQUENCE.length + 1;
    default:
      return 1;
  }
}
