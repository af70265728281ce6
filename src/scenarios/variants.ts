/** Scenarios of one request that is always the same. */
import type { Ask } from '../model/api.ts';
import type { Scenario } from '../model/scenario.ts';
import { scenario } from './define.ts';
import {
  IMAGE,
  IMAGE_QUESTION,
  JSON_REQUEST,
  LONG_LIST,
  REASONING_QUESTION,
  REPETITION,
  SHORT_QUESTION,
  TOKEN_IDS,
  TOOL_REQUEST,
  UTF8_TEXT,
} from './prompts.ts';

const variant = (
  own: Pick<Scenario, 'id' | 'about'> &
    Partial<Pick<Scenario, 'catalogue' | 'suite' | 'needs' | 'optional'>> & { readonly ask: Ask },
): Scenario => {
  const { ask, ...rest } = own;
  return scenario({ ...rest, asks: () => [ask] });
};

/** With one choice, what two choices are compared with. */
export const SHORT: Ask = { prompt: LONG_LIST, limit: 8 };

export const variants: readonly Scenario[] = [
  variant({
    id: 'short',
    suite: 'smoke',
    about: 'the same prompt, limit 8',
    ask: SHORT,
  }),
  variant({
    id: 'max-completion-tokens',
    needs: ['newer-limit'],
    about: (asks) => `${asks['newer-limit']} 8 alone`,
    ask: { prompt: LONG_LIST, limit: 8, newerLimit: true },
  }),
  variant({
    id: 'natural',
    about: 'a question with a short answer, limit 256',
    ask: { prompt: SHORT_QUESTION, limit: 256 },
  }),
  variant({
    id: 'utf8',
    about: 'emoji, CJK and combining marks, limit 16',
    ask: { prompt: UTF8_TEXT, limit: 16 },
  }),
  variant({
    id: 'tools-offered',
    needs: ['tools'],
    optional: true,
    about: 'a function that must not be called, limit 16',
    ask: { prompt: LONG_LIST, limit: 16, tools: 'offered' },
  }),
  variant({
    id: 'token-ids',
    needs: ['token-ids'],
    optional: true,
    about: 'a prompt of token ids, limit 8',
    ask: { prompt: TOKEN_IDS, limit: 8 },
  }),
  variant({
    id: 'logprobs',
    needs: ['logprobs'],
    suite: 'full',
    optional: true,
    about: 'with logprobs, limit 8',
    ask: { prompt: LONG_LIST, limit: 8, logprobs: true },
  }),
  variant({
    id: 'repetition',
    needs: ['penalties'],
    suite: 'full',
    optional: true,
    about: 'penalties -2 on a repeated word, limit 16',
    ask: { prompt: REPETITION, limit: 16, penalties: -2 },
  }),
  variant({
    id: 'reasoning',
    needs: ['reasoning'],
    suite: 'full',
    optional: true,
    about: 'reasoning asked for, limit 256',
    ask: { prompt: REASONING_QUESTION, limit: 256, reasoning: true },
  }),
  variant({
    id: 'tools-called',
    needs: ['tools', 'tool-choice'],
    optional: true,
    about: 'a function that must be called, limit 64',
    ask: { prompt: TOOL_REQUEST, limit: 64, tools: 'called' },
  }),
  variant({
    id: 'json',
    needs: ['json'],
    optional: true,
    about: ({ json }) => `${json}, limit 64`,
    ask: { prompt: JSON_REQUEST, limit: 64, json: true },
  }),
  variant({
    id: 'tool-result',
    catalogue: 2,
    needs: ['tools', 'tool-result'],
    suite: 'full',
    optional: true,
    about: 'the result of a function that was called, limit 8',
    ask: { prompt: TOOL_REQUEST, limit: 8, tools: 'answered' },
  }),
  variant({
    id: 'image',
    catalogue: 2,
    needs: ['image'],
    suite: 'full',
    optional: true,
    about: 'a picture beside the text, limit 8',
    ask: { prompt: IMAGE_QUESTION, image: IMAGE, limit: 8 },
  }),
];
