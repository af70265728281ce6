/** A stop string is one that the server can meet in its text. */
import { expect, it } from 'vitest';
import type { Ask } from '../../src/model/api.ts';
import type { ChoiceFacts, Exchange } from '../../src/model/exchange.ts';
import type { Outcome } from '../../src/model/outcome.ts';
import type { Sender } from '../../src/model/scenario.ts';
import { stop } from '../../src/scenarios/stop.ts';

/** What is sent where the earlier streamed answer has this text; null: nothing. */
async function stopAfter(text: string): Promise<Ask['stop'] | null> {
  const choices = [{ text } as ChoiceFacts];
  const outcome = { kind: 'stream', stream: { choices } } as unknown as Outcome;
  const asked: Ask[] = [];
  await stop.send({
    earlier: () => ({ key: '', outcomes: [outcome] }),
    ask: async (ask: Ask) => {
      asked.push(ask);
      return {} as Exchange;
    },
  } as unknown as Sender);
  return asked[0]?.stop ?? null;
}

it.each([
  ['the middle word', 'one two three four five six', ['four']],
  ['an earlier one where none follows', 'apple, - - - - - -', ['apple']],
  ['not one with a broken character, but the next', 'one two three fo\uFFFDr five six', ['five']],
  ['nor one before a broken character', 'one two three four\uFFFD five six', ['five']],
  ['twelve characters at most', `ab ${'x'.repeat(40)}`, ['xxxxxxxxxxxx']],
  ['whole characters', `ab ${'𝒜'.repeat(40)}`, ['𝒜𝒜𝒜𝒜𝒜𝒜𝒜𝒜𝒜𝒜𝒜𝒜']],
  ['none where every word is broken', 'gr\uFFFDn tr\uFFFD\uFFFDs bl\uFFFD', null],
  ['none where there is no word', '- - - !', null],
  ['none in an empty answer', '', null],
])('%s', async (_what, text, sent) => {
  expect(await stopAfter(text)).toEqual(sent);
});
