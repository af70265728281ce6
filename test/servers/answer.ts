import type { Generation, Json } from './request.ts';
import { isJson } from './request.ts';
import { hash, pieces, randomNumbers } from './tokenizer.ts';

export type Finish = 'stop' | 'length' | 'tool_calls';

export interface AnswerChoice {
  index: number;
  reasoning: string[];
  text: string[];
  tool: { name: string; arguments: string[] } | undefined;
  finish: Finish;
  /** Every token the model made for this choice, shown or not. */
  tokens: number;
}

export interface Answer {
  promptTokens: number;
  choices: AnswerChoice[];
}

/** How the simulated model behaves; all of it is legal. */
export interface ModelTraits {
  contextLength: number;
  /** Reasoning tokens before the answer; counted inside completion_tokens. */
  reasoningTokens?: number;
  /** The end-of-text token is counted at a natural end. */
  countsEnd?: boolean;
  /** Tokens of a withheld stop string are counted. */
  countsWithheldStop?: boolean;
  /** Ends by itself after so many tokens, whatever was asked. */
  endsAfter?: number;
  /** Natural answers are empty. */
  mute?: boolean;
  /** Text differs at each call, at temperature 0, too. */
  moody?: boolean;
  /** Named tools are never called. */
  ignoresTools?: boolean;
}

const WORDS =
  'apple river stone cloud green seven lamp tiger bread ocean quiet paper maple night frog candle north sugar wheel piano'.split(
    ' ',
  );
const SIGNS = ['🦊', '狐', '🌍', '水', '火', '🎈', 'é', 'ñ'];
const SENTENCE = [' The', ' answer', ' is', ' surely'];

/** A limit too large to be a forced one, and a question: the model answers shortly. */
function isQuestion(text: string, limit: number): boolean {
  if (limit <= 64) return false;
  if (/one word|single word|short|brief/i.test(text)) return true;
  return /[?？]/.test(text) && !/\b(list|long|story|hundred|many)\b/i.test(text);
}

function toolArguments(generation: Generation): string[] {
  const tool = generation.tools.find(
    (entry) => isJson(entry.function) && entry.function.name === generation.calls,
  );
  const fn = tool?.function;
  const parameters = isJson(fn) ? fn.parameters : undefined;
  const properties = isJson(parameters) && isJson(parameters.properties) ? parameters.properties : {};
  const values: Json = {};
  for (const [name, schema] of Object.entries(properties)) {
    values[name] = isJson(schema) && (schema.type === 'integer' || schema.type === 'number') ? 7 : 'Paris';
  }
  return pieces(JSON.stringify(values));
}

interface Plan {
  reasoning: string[];
  text: string[];
  tool: string[] | undefined;
  /** Ends by itself after this. */
  ends: boolean;
}

function plan(generation: Generation, prompt: string, seed: number, traits: ModelTraits): Plan {
  const random = randomNumbers(seed);
  const word = () => WORDS[Math.floor(random() * WORDS.length)] ?? 'apple';
  const reasoning = Array.from({ length: traits.reasoningTokens ?? 0 }, () => ` ${word()}`);
  const base = { reasoning, tool: undefined, ends: true };
  if (generation.calls !== undefined && !traits.ignoresTools) {
    return { ...base, text: [], tool: toolArguments(generation) };
  }
  if (generation.json)
    return { ...base, text: pieces(JSON.stringify({ name: word(), size: Math.floor(random() * 9) })) };
  if (isQuestion(prompt, generation.limit)) {
    if (traits.mute) return { ...base, text: [] };
    return { ...base, text: [...SENTENCE.slice(0, 2 + Math.floor(random() * 3)), ` ${word()}`, '.'] };
  }
  const sign = /[^\p{ASCII}]/u.test(prompt);
  const wordOrSign = () =>
    sign && random() < 0.5 ? (SIGNS[Math.floor(random() * SIGNS.length)] ?? '🦊') : ` ${word()}`;
  const length = traits.endsAfter ?? 400;
  return { ...base, text: Array.from({ length }, (_, at) => (at % 7 === 6 ? ',' : wordOrSign())) };
}

/** Cuts at the first stop string; says how many whole tokens were shown, and how many were made. */
function cutAtStop(text: string[], stops: string[]): { shown: string[]; made: number } | undefined {
  const whole = text.join('');
  const places = stops
    .map((stop) => ({ at: stop === '' ? -1 : whole.indexOf(stop), stop }))
    .filter((p) => p.at >= 0);
  const first = places.sort((a, b) => a.at - b.at)[0];
  if (!first) return undefined;
  const shown: string[] = [];
  let length = 0;
  let made = 0;
  for (const piece of text) {
    if (length >= first.at + first.stop.length) break;
    if (length < first.at) shown.push(piece.slice(0, first.at - length));
    length += piece.length;
    made++;
  }
  return { shown, made };
}

function answerChoice(
  generation: Generation,
  prompt: number,
  index: number,
  salt: string,
  traits: ModelTraits,
): AnswerChoice {
  const text = generation.prompts[prompt] ?? '';
  const room = Math.max(1, traits.contextLength - (generation.promptTokens[prompt] ?? 0));
  const limit = Math.min(generation.limit, room);
  const made = plan(generation, text, hash(`${text}|${salt}`), traits);
  const reasoning = made.reasoning.slice(0, limit);
  const left = limit - reasoning.length;
  const name = generation.calls ?? '';
  if (made.tool) {
    const args = made.tool.slice(0, Math.max(0, left - 2));
    const cut = made.tool.length + 2 > left;
    const tokens = reasoning.length + (cut ? left : args.length + 2) + (traits.countsEnd && !cut ? 1 : 0);
    return {
      index,
      reasoning,
      text: [],
      tool: { name, arguments: args },
      finish: cut ? 'length' : 'tool_calls',
      tokens,
    };
  }
  const shown = made.text.slice(0, left);
  const stopped = cutAtStop(shown, generation.stops);
  if (stopped) {
    const counted = traits.countsWithheldStop ? stopped.made : stopped.shown.length;
    return {
      index,
      reasoning,
      text: stopped.shown,
      tool: undefined,
      finish: 'stop',
      tokens: reasoning.length + counted,
    };
  }
  const ended = made.text.length + (traits.countsEnd ? 1 : 0) <= left;
  const tokens = reasoning.length + shown.length + (ended && traits.countsEnd ? 1 : 0);
  return { index, reasoning, text: shown, tool: undefined, finish: ended ? 'stop' : 'length', tokens };
}

export function answer(generation: Generation, requestNumber: number, traits: ModelTraits): Answer {
  const choices: AnswerChoice[] = [];
  for (let prompt = 0; prompt < generation.prompts.length; prompt++) {
    for (let copy = 0; copy < generation.n; copy++) {
      const varies = generation.temperature > 0 || traits.moody;
      const salt = varies ? `${requestNumber}/${copy}` : 'greedy';
      choices.push(answerChoice(generation, prompt, choices.length, salt, traits));
    }
  }
  return { promptTokens: generation.promptTokens.reduce((sum, tokens) => sum + tokens, 0), choices };
}
