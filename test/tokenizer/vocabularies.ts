import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll } from 'vitest';

const FIXTURES = join(import.meta.dirname, '../../fixtures/tokenizers');

/** The vocabularies of llama.cpp that have vectors. */
export const VOCABULARIES = [
  'bert-bge',
  'deepseek-coder',
  'gpt-2',
  'llama-bpe',
  'llama-spm',
  'phi-3',
  'qwen2',
  'starcoder',
] as const;

/** A directory that is gone after the tests of the file. */
export function temporaryDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'lastchunk-tokenizer-'));
  afterAll(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

/** Unpacks a compressed fixture, and answers the path of the file. */
export function unpacked(directory: string, name: string): string {
  const path = join(directory, name);
  writeFileSync(path, gunzipSync(readFileSync(join(FIXTURES, `${name}.gz`))));
  return path;
}

export function fixtureText(name: string): string {
  return readFileSync(join(FIXTURES, name), 'utf8');
}

/** Texts and the ids that llama.cpp gives for them. */
export function vectorsOf(name: string): { text: string; ids: number[] }[] {
  const texts = fixtureText('ggml-vocab.inp').split('\n__ggml_vocab_test__\n');
  const lines = fixtureText(`ggml-vocab-${name}.gguf.out`).split('\n');
  return texts.map((text, index) => {
    const line = (lines[index] ?? '').trim();
    return { text, ids: line === '' ? [] : line.split(/\s+/).map(Number) };
  });
}
