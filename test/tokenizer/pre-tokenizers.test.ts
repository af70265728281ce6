import { describe, expect, it } from 'vitest';
import { GgufTokenizer } from '../../src/tokenizer/gguf-tokenizer.ts';
import { readGgufVocabulary } from '../../src/tokenizer/gguf-vocabulary.ts';
import { preTokenizerNamed, preTokenizerNames } from '../../src/tokenizer/pre-tokenizers.ts';
import { wordEnds } from '../../src/tokenizer/word-splitter.ts';
import { fixtureText, temporaryDirectory, unpacked } from './vocabularies.ts';

interface Recorded {
  readonly texts: readonly string[];
  readonly groups: readonly {
    readonly names: readonly string[];
    readonly ids: readonly (readonly number[])[];
  }[];
}

const recorded = JSON.parse(fixtureText('pre-tokenizers.json')) as Recorded;
const vocabulary = readGgufVocabulary(unpacked(temporaryDirectory(), 'ggml-vocab-gpt-2.gguf'));
const byName = recorded.groups.flatMap(({ names, ids }) => names.map((name) => ({ name, ids })));
const PLAIN_TEXT = ['gemma4', 'granite-embed-multi-311m', 'sarvam-moe'];

describe('pre-tokenizers', () => {
  it('has every name that llama.cpp was asked for', () => {
    const known = new Set(preTokenizerNames());
    expect(byName.map(({ name }) => name).filter((name) => !known.has(name))).toEqual([]);
    expect([...known].sort()).toEqual([...byName.map(({ name }) => name), ...PLAIN_TEXT].sort());
  });

  it.each(byName)('cuts words as llama.cpp does for $name', ({ name, ids }) => {
    const pre = preTokenizerNamed(name);
    if (!pre || vocabulary.algorithm.kind !== 'bpe') throw new Error('no such rule');
    const algorithm = { ...vocabulary.algorithm, preName: name, pre };
    const tokenizer = new GgufTokenizer({ ...vocabulary, algorithm, addBos: pre.addBos ?? false });
    for (const [index, text] of recorded.texts.entries()) {
      expect(tokenizer.encode(text, { addSpecial: true }), text).toEqual(ids[index]);
    }
  });

  it('keeps every character, whatever the rules', () => {
    const text = `${recorded.texts.join(' ')}\u0378\u{10FFFF}`;
    for (const name of preTokenizerNames()) {
      const ends = wordEnds(text, preTokenizerNamed(name)?.rules ?? []);
      expect(ends.at(-1), name).toBe(text.length);
      expect(
        [...ends].sort((a, b) => a - b),
        name,
      ).toEqual(ends);
    }
  });

  it.each([
    ['exaone-moe', 'a'.repeat(10_000_000), 1],
    ['jais-2', ' '.repeat(2_000 * 512), 2_000],
  ])('takes megabytes of one kind: %s', (name, text, words) => {
    expect(wordEnds(text, preTokenizerNamed(name)?.rules ?? [])).toHaveLength(words);
  });
});
