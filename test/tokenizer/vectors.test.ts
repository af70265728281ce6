import { beforeAll, describe, expect, it } from 'vitest';
import { loadTokenizer, type Tokenizer } from '../../src/tokenizer/index.ts';
import { temporaryDirectory, unpacked, VOCABULARIES, vectorsOf } from './vocabularies.ts';

const directory = temporaryDirectory();

describe.each(VOCABULARIES)('the vocabulary %s of llama.cpp', (name) => {
  let tokenizer: Tokenizer;
  beforeAll(async () => {
    tokenizer = await loadTokenizer(unpacked(directory, `ggml-vocab-${name}.gguf`));
  });

  it('gives the ids of every vector', () => {
    const vectors = vectorsOf(name);
    expect(vectors).toHaveLength(47);
    for (const { text, ids } of vectors) expect(tokenizer.encode(text), JSON.stringify(text)).toEqual(ids);
  });

  it('counts what it encodes, however often it is asked', () => {
    for (const { text, ids } of vectorsOf(name)) {
      expect(tokenizer.count(text)).toBe(ids.length);
      expect(tokenizer.count(text)).toBe(ids.length);
    }
  });

  it('encodes nothing as nothing', () => {
    expect(tokenizer.encode('')).toEqual([]);
  });

  it('puts up with half a character, which becomes U+FFFD', () => {
    expect(tokenizer.encode('a\uD83Eb')).toEqual(tokenizer.encode('a\uFFFDb'));
  });
});
