import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readGgufVocabulary } from '../../src/tokenizer/gguf-vocabulary.ts';
import { loadTokenizer } from '../../src/tokenizer/index.ts';
import { type PackedStrings, shownString } from '../../src/tokenizer/packed-strings.ts';
import { temporaryDirectory, unpacked, vectorsOf } from './vocabularies.ts';

const directory = temporaryDirectory();
let directories = 0;

function saved(files: Readonly<Record<string, unknown>>): string {
  const made = join(directory, `hf-${++directories}`);
  mkdirSync(made);
  for (const [name, content] of Object.entries(files)) {
    writeFileSync(join(made, name), typeof content === 'string' ? content : JSON.stringify(content));
  }
  return made;
}

const textsOf = (strings: PackedStrings): string[] =>
  Array.from({ length: strings.count }, (_, index) => shownString(strings, index));

/** The vocabulary of GPT-2 in the form of Hugging Face. */
function gpt2Definition(): Record<string, unknown> {
  const { tokens, algorithm } = readGgufVocabulary(unpacked(directory, 'ggml-vocab-gpt-2.gguf'));
  if (algorithm.kind !== 'bpe') throw new Error('not BPE');
  return {
    model: {
      vocab: Object.fromEntries(textsOf(tokens).map((text, id) => [text, id])),
      merges: textsOf(algorithm.merges),
    },
    pre_tokenizer: { type: 'ByteLevel', add_prefix_space: false, use_regex: true },
    added_tokens: [{ id: 50256, content: '<|endoftext|>', special: true, normalized: false }],
  };
}

/** A vocabulary of single letters. */
const letters = (more: Record<string, unknown> = {}): Record<string, unknown> => ({
  model: { type: 'BPE', vocab: { a: 0, b: 1, constructor: 2, '<s>': 3 }, merges: [] },
  added_tokens: [{ id: 3, content: '<s>', special: true, normalized: false }],
  post_processor: {
    type: 'TemplateProcessing',
    single: [{ SpecialToken: { id: '<s>', type_id: 0 } }, { Sequence: { id: 'A', type_id: 0 } }],
    pair: [],
    special_tokens: { '<s>': { id: '<s>', ids: [3], tokens: ['<s>'] } },
  },
  ...more,
});
const user = { role: 'user', content: 'a' };

describe('a Hugging Face directory', () => {
  it('gives the ids of GPT-2', async () => {
    const tokenizer = await loadTokenizer(saved({ 'tokenizer.json': gpt2Definition() }));
    expect(tokenizer.describe).toBe('huggingface: BPE, 50257 tokens');
    expect(tokenizer.chat).toBeUndefined();
    for (const { text, ids } of vectorsOf('gpt-2')) expect(tokenizer.encode(text), text).toEqual(ids);
    expect(tokenizer.encode('<|endoftext|>')).not.toEqual([50256]);
    expect(tokenizer.encode('<|endoftext|>', { parseSpecial: true })).toEqual([50256]);
  });

  it.each([
    ['U+FEFF, which is no space', 'a\ufeffb', [64, 171, 119, 123, 65]],
    ['U+0085, which is one', '\n\n\u0085x', [628, 126, 227, 87]],
    ['both, and Arabic digits', '  \u0085\n٣a', [220, 1587, 227, 198, 149, 96, 64]],
  ])('cuts words as the original does: %s', async (_, text, ids) => {
    const tokenizer = await loadTokenizer(saved({ 'tokenizer.json': gpt2Definition() }));
    expect(tokenizer.encode(text)).toEqual(ids);
  });

  it('adds what the tokenizer adds only when asked', async () => {
    const path = saved({
      'tokenizer.json': letters(),
      'tokenizer_config.json': { bos_token: { content: '<s>' } },
    });
    const tokenizer = await loadTokenizer(join(path, 'tokenizer.json'));
    expect([tokenizer.bosId, tokenizer.addsBos]).toEqual([3, true]);
    expect(tokenizer.encode('ab')).toEqual([0, 1]);
    expect(tokenizer.encode('ab', { addSpecial: true })).toEqual([3, 0, 1]);
  });

  const template = "{{ bos_token }}{{ messages[0].content }}{{ 'b' if add_generation_prompt }}";
  it.each([
    ['chat_template.jinja', { 'chat_template.jinja': template }],
    ['chat_template.json', { 'chat_template.json': { chat_template: template } }],
    ['tokenizer_config.json', { 'tokenizer_config.json': { chat_template: template } }],
    [
      'one of several',
      {
        'tokenizer_config.json': {
          chat_template: [
            { name: 'default', template },
            { name: 'tool_use', template: 'x' },
          ],
        },
      },
    ],
  ])('finds the chat template: %s', async (_, files) => {
    const map = { 'special_tokens_map.json': { bos_token: '<s>' } };
    const tokenizer = await loadTokenizer(saved({ 'tokenizer.json': letters(), ...map, ...files }));
    expect(tokenizer.chat?.source).toBe('model');
    expect(tokenizer.chat?.ids([user])).toEqual([3, 0, 1]);
    expect(tokenizer.chat?.ids([user], { addGenerationPrompt: false })).toEqual([3, 0]);
  });

  it.each([
    ['no tokenizer.json', {}, 'tokenizer.json: is not there'],
    ['no JSON', { 'tokenizer.json': '{' }, 'is not JSON'],
    ['another JSON', { 'tokenizer.json': { a: 1 } }, 'has no "model" in it'],
    ['a list', { 'tokenizer.json': '[]' }, 'holds no JSON object'],
    [
      'a normalizer that is not exact',
      {
        'tokenizer.json': letters({
          normalizer: { type: 'Sequence', normalizers: [{ type: 'Precompiled' }] },
        }),
      },
      'normalizer "Precompiled"',
    ],
    [
      'a model nobody knows',
      {
        'tokenizer.json': letters({ model: { type: 'New', vocab: {} } }),
        'tokenizer_config.json': { bos_token: 'a' },
      },
      'has the model "New"',
    ],
    [
      'a broken template',
      { 'tokenizer.json': letters(), 'chat_template.jinja': '{% if %}' },
      'cannot be parsed',
    ],
  ])('refuses %s', async (_, files, expected) => {
    await expect(loadTokenizer(saved(files))).rejects.toThrow(expected);
  });
});
