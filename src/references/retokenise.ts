/** The tokens of generated text as it came. They are what was generated only where text and tokens go both ways. */
import type { Answer } from '../model/answer.ts';

/** Why an answer's text does not tell its tokens; null where it may. */
export function notRetokenisable(answer: Answer): string | null {
  const { asked } = answer;
  const [choice, ...more] = answer.choices;
  if (choice === undefined || more.length > 0) return 'several choices came, or none';
  if (!asked.greedy) return 'the sampler was not greedy';
  if (choice.toolCalls !== '') return 'a tool call does not show its tokens';
  if (choice.reasoningLength > 0) return 'reasoning does not show all of its tokens';
  if (asked.stopStrings.length > 0)
    return 'tokens held back for a stop string count, and are not in the text';
  if (choice.text.length < choice.textLength) return 'the text is longer than what is kept of it';
  if (choice.text === '') return 'no text came';
  // A character that was cut, or that the server could not decode.
  if (choice.text.includes('\uFFFD')) return 'the text does not round-trip: it holds U+FFFD';
  return null;
}
