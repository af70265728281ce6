/**
 * The prompts of a run. Fresh words come from a fixed list by the run's seed; equal numbers of words keep counts
 * comparable. Pure: the same seed, the same prompts.
 */

import type { Turn } from '../model/api.ts';

/** Short, common English nouns: one to three tokens each in most vocabularies. */
const WORDS = (
  'apple river stone cloud garden window candle forest mountain bridge letter summer winter silver golden ' +
  'paper music dinner market doctor farmer sailor castle island rocket planet desert valley meadow harbor ' +
  'basket button carpet engine flower guitar hammer jacket kettle ladder mirror needle orange pencil pocket ' +
  'rabbit saddle spider temple ticket tunnel turtle velvet violin wallet yellow bottle butter camera cheese ' +
  'cherry circle coffee copper cotton dragon eagle feather finger ginger helmet honey jungle kitten lemon ' +
  'lizard magnet marble monkey muffin nickel oyster parrot pepper pillow potato pumpkin puzzle ribbon salmon'
).split(' ');

/** A small deterministic generator (mulberry32): seeds must give the same words everywhere. */
function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** FNV-1a: under one seed each purpose ("repeat/chat/stream/0") has other words. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (const char of text) value = Math.imul(value ^ (char.codePointAt(0) ?? 0), 0x01000193);
  return value >>> 0;
}

/** `count` words that depend on the seed and the purpose alone. */
export function words(count: number, seed: number, purpose: string): string {
  const random = randomFrom(seed ^ hash(purpose));
  return Array.from({ length: count }, () => WORDS[Math.floor(random() * WORDS.length)]).join(' ');
}

/** Asks for a long list, so that an answer does not end before a forced limit of 8 or 16. */
export const LONG_LIST =
  'Write a long numbered list of one hundred different animals, one on each line, without any introduction.';

export const SHORT_QUESTION = 'What is the capital of France? Answer with one word.';

export const UTF8_TEXT =
  'Continue this long list without end: 🍎 apple, 🚀 rocket, 👩‍👩‍👧 family, 東京 Tokyo, 北京 Beijing, 서울 Seoul, ' +
  'café, naïve, Å, मुंबई Mumbai, 🇫🇷 France,';

export const JSON_REQUEST =
  'Return a JSON object that lists ten animals under the key "animals", each with a name and a colour.';

export const TOOL_REQUEST = 'What is the weather in Paris right now?';

export const EARLIER: readonly Turn[] = [
  { by: 'system', text: 'You help to write a book about nature. You never stop before a list is complete.' },
  { by: 'user', text: 'Name six trees.' },
  { by: 'assistant', text: 'Oak, beech, maple, birch, willow and pine.' },
];

export const IMAGE_QUESTION = 'Describe this picture at length, with every detail that you can see.';

/** One white pixel. */
export const IMAGE =
  'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR42mP4//8/AAX+Av4zEpUUAAAAAElFTkSuQmCC';

export const REPETITION =
  'Write the word banana again and again, as a long list: banana banana banana banana';

export const REASONING_QUESTION =
  'A train goes 60 km in 40 minutes. How far does it go in two hours? Think it through.';

/** Small ids that any vocabulary has. */
export const TOKEN_IDS: readonly number[] = [40, 41, 42, 43, 44, 45, 46, 47, 48, 49, 50, 51];

/** Prompts of one shape that differ in their number of words only. */
export function growPrompt(count: number, seed: number): string {
  return `Go on with this list of words, as a very long list: ${words(count, seed, 'grow')}`;
}

/** A prompt that was never sent before: `purpose` names mode and attempt. */
export function freshPrompt(seed: number, purpose: string): string {
  return `Go on with this list of words, as a very long list: ${words(24, seed, purpose)}`;
}

/** More words than the context has tokens. */
export function overlongPrompt(context: number | null, seed: number): string {
  return `Sum up these words: ${words(context === null ? 4000 : context + 64, seed, 'overlong')}`;
}
