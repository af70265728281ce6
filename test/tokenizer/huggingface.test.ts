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
type AddedFlag = 'special' | 'normalized' | 'single_word' | 'lstrip' | 'rstrip';

/** An entry of `added_tokens`; what is not named is false. */
const added = (id: number, content: string, ...flags: AddedFlag[]) => ({
  id,
  content,
  special: flags.includes('special'),
  normalized: flags.includes('normalized'),
  single_word: flags.includes('single_word'),
  lstrip: flags.includes('lstrip'),
  rstrip: flags.includes('rstrip'),
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

/** What the `tokenizers` of Hugging Face (0.23.3) give for a small vocabulary. */
const replacing = (content: string) => ({ type: 'Replace', pattern: { String: 'a' }, content });
const many = (part: unknown): unknown[] => Array.from({ length: 101 }, () => part);

/** A sequence in a sequence, and so on. */
const nested = (list: string, depth: number): unknown =>
  Array.from({ length: depth }).reduce(
    (inner) => ({ type: 'Sequence', [list]: inner === undefined ? [] : [inner] }),
    undefined,
  );

describe('parts that the library only comes near to', () => {
  const TOKENS = [
    '<unk>',
    '<s>',
    '</s>',
    'a',
    'b',
    'c',
    ' ',
    '-',
    '▁',
    '1',
    'σ',
    'ς',
    'ab',
    '▁a',
    'a-',
    '-a',
    '$',
    '&',
    'e',
    'Ġ',
    'Ċ',
    'aa',
  ];
  const small = ({ model, ...parts }: Record<string, unknown>): Record<string, unknown> => ({
    model: {
      type: 'BPE',
      unk_token: '<unk>',
      vocab: Object.fromEntries(TOKENS.map((text, id) => [text, id])),
      merges: ['a b', '▁ a', 'a -', '- a', 'a a'],
      ...(model as object | undefined),
    },
    ...parts,
  });

  it.each<[string, Record<string, unknown>, string, number[]]>([
    [
      'Split: a character merged with what is before it',
      {
        pre_tokenizer: {
          type: 'Split',
          pattern: { String: '-' },
          behavior: 'MergedWithPrevious',
          invert: false,
        },
      },
      'a-a--a',
      [14, 14, 7, 3],
    ],
    [
      'Split: a character merged with what is behind it',
      {
        pre_tokenizer: { type: 'Split', pattern: { String: '-' }, behavior: 'MergedWithNext', invert: false },
      },
      'a-a--a',
      [3, 15, 7, 15],
    ],
    [
      'Split: characters in a row',
      { pre_tokenizer: { type: 'Split', pattern: { String: '-' }, behavior: 'Contiguous', invert: false } },
      'a-a--a',
      [3, 7, 3, 7, 7, 3],
    ],
    [
      'Split: a character taken out',
      { pre_tokenizer: { type: 'Split', pattern: { String: '.' }, behavior: 'Removed', invert: false } },
      'a.ab',
      [3, 12],
    ],
    [
      'Split: only what matches stays',
      { pre_tokenizer: { type: 'Split', pattern: { Regex: '[ab]+' }, behavior: 'Removed', invert: true } },
      '1ab-ba1',
      [12, 4, 3],
    ],
    [
      'Split: the other way round',
      { pre_tokenizer: { type: 'Split', pattern: { Regex: 'a+' }, behavior: 'Isolated', invert: true } },
      'aab-a',
      [21, 4, 7, 3],
    ],
    [
      'WhitespaceSplit: U+FEFF is no space, U+0085 is one',
      { pre_tokenizer: { type: 'WhitespaceSplit' } },
      'a\ufeffb\u0085a',
      [3, 0, 4, 3],
    ],
    ['Whitespace', { pre_tokenizer: { type: 'Whitespace' } }, 'aé-- -a', [3, 0, 7, 7, 7, 3]],
    [
      'Metaspace cuts in front of its mark',
      { pre_tokenizer: { type: 'Metaspace', replacement: '▁', prepend_scheme: 'always', split: true } },
      'a a',
      [13, 13],
    ],
    [
      'Metaspace that is first only',
      {
        pre_tokenizer: { type: 'Metaspace', replacement: '▁', prepend_scheme: 'first', split: false },
        added_tokens: [added(5, 'c')],
      },
      'aca',
      [13, 5, 3],
    ],
    [
      'ByteLevel with a space in front',
      { pre_tokenizer: { type: 'ByteLevel', add_prefix_space: true, trim_offsets: true, use_regex: true } },
      'a\u000aa',
      [19, 3, 20, 3],
    ],
    [
      'Lowercase: no sigma of its own at the end of a word',
      { normalizer: { type: 'Lowercase' } },
      'AΣ',
      [3, 10],
    ],
    [
      'Replace: a dollar is a dollar',
      { normalizer: { type: 'Replace', pattern: { String: 'b' }, content: '$&' } },
      'ab',
      [3, 16, 17],
    ],
    [
      'Prepend: before nothing it is nothing',
      {
        normalizer: {
          type: 'Sequence',
          normalizers: [
            { type: 'Strip', strip_left: true, strip_right: true },
            { type: 'Prepend', prepend: '$' },
          ],
        },
        added_tokens: [added(2, '</s>')],
      },
      ' b</s> ',
      [16, 4, 2],
    ],
    ['Strip', { normalizer: { type: 'Strip', strip_left: true, strip_right: true } }, '\u0085 a\u3000', [3]],
    [
      'Strip: the left end',
      { normalizer: { type: 'Strip', strip_left: true, strip_right: false } },
      ' a ',
      [3, 6],
    ],
    [
      'an added token that stands alone',
      {
        added_tokens: [added(30, 'aa', 'single_word')],
      },
      'aa baa aa-',
      [21, 6, 4, 21, 6, 21, 7],
    ],
    [
      'an added token that takes the space before it',
      {
        added_tokens: [added(30, 'aa', 'lstrip')],
      },
      'b\u0085 aa a',
      [4, 21, 6, 3],
    ],
    [
      'an added token that takes the space behind it',
      {
        added_tokens: [added(30, 'aa', 'rstrip')],
      },
      'aa\u0085 aa b',
      [21, 21, 4],
    ],
    [
      'an added token in normalized text',
      {
        normalizer: { type: 'Lowercase' },
        added_tokens: [added(30, 'aa', 'normalized')],
      },
      'AAb',
      [21, 4],
    ],
    [
      'an added token that is not in the text itself',
      {
        normalizer: { type: 'Lowercase' },
        added_tokens: [added(30, 'aa')],
      },
      'AAb',
      [3, 12],
    ],
    [
      'an added token before the normalized ones',
      {
        added_tokens: [added(30, 'b-', 'normalized'), added(31, '-')],
      },
      'b-',
      [4, 7],
    ],
    [
      'unknown characters, joined within a word',
      { pre_tokenizer: { type: 'WhitespaceSplit' }, model: { fuse_unk: true } },
      'xyaz zz',
      [0, 3, 0, 0],
    ],
    ['no token for the unknown', { model: { unk_token: null } }, 'axb', [12]],
  ])('%s', async (_, parts, text, ids) => {
    const tokenizer = await loadTokenizer(saved({ 'tokenizer.json': small(parts) }));
    expect(tokenizer.encode(text)).toEqual(ids);
  });

  it('special tokens that count as text still hide what lies within them', async () => {
    const added = [
      { id: 1, content: '<s>', special: true },
      { id: 30, content: 's', special: false, normalized: false },
    ];
    const tokenizer = await loadTokenizer(saved({ 'tokenizer.json': small({ added_tokens: added }) }));
    expect(tokenizer.encode('<s>s')).toEqual([0, 0, 0, 30]);
    expect(tokenizer.encode('<s>s', { parseSpecial: true })).toEqual([1, 30]);
  });

  it('stops a pattern without an end, and waits for it once', async () => {
    const pattern = { Regex: '(?:a+)+$' };
    const pre_tokenizer = { type: 'Split', pattern, behavior: 'Isolated', invert: false };
    const tokenizer = await loadTokenizer(saved({ 'tokenizer.json': small({ pre_tokenizer }) }));
    expect(tokenizer.encode('aa')).toEqual([21]);
    const endless = `${'a'.repeat(60)}-`;
    expect(() => tokenizer.encode(endless)).toThrow(/was stopped after \d+ ms/);
    const start = performance.now();
    expect(() => tokenizer.encode(endless)).toThrow('was stopped');
    expect(performance.now() - start).toBeLessThan(1000);
  });

  it('puts what a template adds around a text, special tokens in it or not', async () => {
    const part = (id: string) => ({ SpecialToken: { id, type_id: 0 } });
    const template = {
      type: 'TemplateProcessing',
      single: [part('start'), { Sequence: { id: 'A', type_id: 0 } }, part('end')],
      special_tokens: { start: { id: 'start', ids: [1, 6] }, end: { id: 'end', ids: [2] } },
    };
    const roberta = { type: 'RobertaProcessing', cls: ['<s>', 1], sep: ['</s>', 2] };
    const both = { type: 'Sequence', processors: [{ type: 'ByteLevel' }, template, roberta] };
    const encoded = async (post_processor: object) =>
      (await loadTokenizer(saved({ 'tokenizer.json': small({ post_processor }) }))).encode('a', {
        addSpecial: true,
      });
    expect(await encoded(template)).toEqual([1, 6, 3, 2]);
    expect(await encoded(both)).toEqual([1, 1, 6, 3, 2, 2]);
  });

  it.each<[string, Record<string, unknown>]>([
    ['normalizer "StripAccents"', { normalizer: { type: 'StripAccents' } }],
    ['normalizer "ByteLevel"', { normalizer: { type: 'ByteLevel' } }],
    ['pre_tokenizer "BertPreTokenizer"', { pre_tokenizer: { type: 'BertPreTokenizer' } }],
    ['pre_tokenizer "Punctuation"', { pre_tokenizer: { type: 'Punctuation', behavior: 'Isolated' } }],
    [
      'pre_tokenizer "Split" (mergedwithnext)',
      {
        pre_tokenizer: { type: 'Split', pattern: { Regex: 'a' }, behavior: 'MergedWithNext', invert: false },
      },
    ],
    ['post_processor "New"', { post_processor: { type: 'New' } }],
    ['model "Unigram"', { model: { type: 'Unigram' } }],
    ['model "BPE" with dropout', { model: { dropout: 0.1 } }],
    ['model "BPE" with a prefix', { model: { continuing_subword_prefix: '##' } }],
    ['with a suffix for the end of a word', { model: { end_of_word_suffix: '</w>', unk_token: null } }],
    ['the merges are no list of pairs', { model: { merges: [1] } }],
    ['the vocabulary is no list of tokens', { model: { vocab: { a: 'x' } } }],
    ['text of over 32 characters that a part puts in', { normalizer: replacing('a'.repeat(33)) }],
    [
      'text of over 32 characters that a part puts in',
      { normalizer: { type: 'Prepend', prepend: 'a'.repeat(33) } },
    ],
    ['text of over 32 characters that a part puts in', { model: { end_of_word_suffix: 'a'.repeat(33) } }],
    [
      'normalizers of over 100 parts',
      { normalizer: { type: 'Sequence', normalizers: many(replacing('a')) } },
    ],
    ['JSON nested over 200 levels deep', { normalizer: nested('normalizers', 500) }],
    ['JSON nested over 200 levels deep', { pre_tokenizer: nested('pretokenizers', 500) }],
    [
      '"Metaspace" that writes more than one character',
      { pre_tokenizer: { type: 'Metaspace', replacement: '  ', prepend_scheme: 'never' } },
    ],
    [
      '"ByteLevel" behind another one',
      { pre_tokenizer: { type: 'Sequence', pretokenizers: [{ type: 'ByteLevel' }, { type: 'ByteLevel' }] } },
    ],
    [
      'post_processor that adds over 100 tokens',
      {
        post_processor: {
          type: 'TemplateProcessing',
          single: [...many({ SpecialToken: { id: 'a' } }), { Sequence: { id: 'A' } }],
          special_tokens: { a: { ids: [0] } },
        },
      },
    ],
    [
      'post_processor that adds over 100 tokens',
      {
        post_processor: { type: 'Sequence', processors: many({ type: 'BertProcessing', cls: ['a', 0] }) },
      },
    ],
  ])('refuses by name: %s', async (expected, parts) => {
    await expect(loadTokenizer(saved({ 'tokenizer.json': small(parts) }))).rejects.toThrow(expected);
  });
});

describe('a text that normalizers make longer', () => {
  const tokenizer = (...normalizers: unknown[]) =>
    loadTokenizer(saved({ 'tokenizer.json': letters({ normalizer: { type: 'Sequence', normalizers } }) }));

  it('is counted where it grows as real ones do', async () => {
    const { count } = await tokenizer({ type: 'Prepend', prepend: 'b' }, replacing('aaa'));
    expect(count('a'.repeat(5000))).toBe(15_001);
  });

  it('is given up where it doubles and doubles', async () => {
    const { count } = await tokenizer(...Array.from({ length: 40 }, () => replacing('aa')));
    expect(() => count('aa')).toThrow('its normalizers make over 1016 characters of 2');
  });
});

it('a tokenizer.json of very many values is refused before it is parsed', async () => {
  const path = saved({ 'tokenizer.json': `{"a":[${'0,'.repeat(5_000_000)}0]}` });
  await expect(loadTokenizer(path)).rejects.toThrow('tokenizer.json: holds over 5000000 JSON values');
});

describe('the chat template of a Hugging Face directory', () => {
  it('doubts what Python may write out in another way', async () => {
    const files = { 'tokenizer.json': letters(), 'chat_template.jinja': '{{ messages[0].content }}' };
    const { chat } = await loadTokenizer(saved(files));
    expect(chat?.doubt([user])).toBeUndefined();
    expect(chat?.doubt([{ role: 'user', content: null }])).toContain('not plain text');
    expect(chat?.doubt([{ role: 'user', content: [] }])).toContain('not plain text');
    expect(chat?.doubt([user], { tools: [{}] })).toContain('tools');
    expect(chat?.doubt([{ role: 'assistant', content: 'a', reasoning_content: 'b' }])).toContain('thoughts');
  });

  it('refuses a template that is no regular file', async () => {
    const path = saved({ 'tokenizer.json': letters() });
    mkdirSync(join(path, 'chat_template.jinja'));
    await expect(loadTokenizer(path)).rejects.toThrow('chat_template.jinja: is not a regular file');
  });
});
