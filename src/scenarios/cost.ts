/** What a case can cost at the most, before anything is sent. Pure. */
import type { Ask } from '../model/api.ts';
import type { CaseId } from '../model/case-id.ts';
import { scenarioOf } from './index.ts';

export interface Cost {
  readonly requests: number;
  /** Tokens of prompts and of answers. */
  readonly prompt: number;
  readonly generated: number;
}

/** A chat template, and a function's schema, on top of a prompt's own text. */
const TEMPLATE_TOKENS = 64;
const TOOL_TOKENS = 256;
/** However small it is: Llama 3.2 Vision makes 1,601 of the smallest. */
const IMAGE_TOKENS = 2048;

/** No vocabulary needs more tokens than a text has bytes. */
function promptTokens({ prompt, tools, earlier = [], image }: Ask): number {
  const parts = typeof prompt === 'string' ? [prompt, ...earlier.map(({ text }) => text)] : prompt;
  const own = parts.reduce<number>(
    (sum, part) => sum + (typeof part === 'number' ? 1 : Buffer.byteLength(part)),
    0,
  );
  const messages = answersTo(prompt) + earlier.length + (tools === 'answered' ? 2 : 0);
  return (
    own +
    TEMPLATE_TOKENS * messages +
    (tools === undefined ? 0 : TOOL_TOKENS) +
    (image === undefined ? 0 : IMAGE_TOKENS)
  );
}

/** A list of texts is answered one by one. */
const answersTo = (prompt: Ask['prompt']): number =>
  typeof prompt === 'string' || typeof prompt[0] === 'number' ? 1 : prompt.length;

/** The most a case costs when it is sent once, to a server that refuses nothing. */
export function costOf(id: CaseId, seed: number): Cost {
  const { asks, malformed } = scenarioOf(id.scenario);
  const sent = asks({
    id,
    seed,
    attempt: 0,
    context: null,
    words: (full) => full,
    wordsSent: () => null,
  });
  const sum = (pick: (ask: Ask) => number) => sent.reduce((total, ask) => total + pick(ask), 0);
  return {
    requests: sent.length + malformed,
    prompt: sum(promptTokens),
    generated: sum(({ prompt, limit, n }) => limit * (n ?? 1) * answersTo(prompt)),
  };
}
