import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadTokenizer, type Tokenizer } from '../../src/tokenizer/index.ts';
import { FIRST_MADE_ID, type MadeToken, spmValues, type Written, writeGguf } from './gguf-writer.ts';
import { temporaryDirectory } from './vocabularies.ts';

const directory = temporaryDirectory();
const CONTROL = 3;
const USER_DEFINED = 4;
let files = 0;

async function made(tokens: readonly MadeToken[], more: [string, Written][] = []): Promise<Tokenizer> {
  const path = join(directory, `${++files}.gguf`);
  writeFileSync(path, writeGguf(spmValues(tokens, more)));
  return loadTokenizer(path);
}

/** The id of the n-th made token. */
const id = (index: number): number => FIRST_MADE_ID + index;
const byte = (character: string): number => 3 + character.charCodeAt(0);
const SPACE = [0xe2, 0x96, 0x81].map((value) => 3 + value);

const withoutPrefix: [string, Written] = ['tokenizer.ggml.add_space_prefix', { type: 'bool', value: false }];
const named = (name: string): [string, Written] => ['general.name', { type: 'string', value: name }];

describe('tokens found by their text', () => {
  it('finds user-defined tokens always, control tokens only when asked', async () => {
    const tokenizer = await made(
      [
        ['<ctl>', CONTROL],
        ['<own>', USER_DEFINED],
      ],
      [withoutPrefix],
    );
    const spelled = [...'<ctl>'].map(byte);
    expect(tokenizer.encode('<own><ctl>')).toEqual([id(1), ...spelled]);
    expect(tokenizer.encode('<own><ctl>', { parseSpecial: true })).toEqual([id(1), id(0)]);
    expect(tokenizer.encode('<unk>', { parseSpecial: true })).toEqual([0]);
  });

  it('knows a token called constructor, and no others of that kind', async () => {
    const tokenizer = await made([['constructor', USER_DEFINED]], [withoutPrefix]);
    expect(tokenizer.encode('constructor')).toEqual([id(0)]);
    expect(tokenizer.encode('toString')).toEqual([...'toString'].map(byte));
    expect(tokenizer.encode('__proto__')).toEqual([...'__proto__'].map(byte));
  });

  it('prefers the longer of two that overlap, wherever it stands', async () => {
    const tokenizer = await made(
      [
        ['ab', USER_DEFINED],
        ['bcd', USER_DEFINED],
      ],
      [withoutPrefix],
    );
    expect(tokenizer.encode('abcdab')).toEqual([byte('a'), id(1), id(0)]);
  });

  it('makes control tokens of texts that end a turn, whatever the file says', async () => {
    const tokenizer = await made(
      [
        ['<|im_end|>', USER_DEFINED],
        ['<|eot_id|>', 1],
      ],
      [withoutPrefix],
    );
    expect(tokenizer.encode('<|im_end|>')).toHaveLength(10);
    expect(tokenizer.encode('<|im_end|><|eot_id|>', { parseSpecial: true })).toEqual([id(0), id(1)]);
  });

  it('finds the markers of gpt-oss in every text', async () => {
    const tokenizer = await made(
      [['<|channel|>', CONTROL], ['<|end|>', CONTROL], ['<|return|>'], ['<|call|>']],
      [withoutPrefix],
    );
    expect(tokenizer.encode('<|channel|><|end|>')).toEqual([id(0), id(1)]);
    const others = await made([['<|end|>', CONTROL]], [withoutPrefix]);
    expect(others.encode('<|end|>')).toHaveLength(7);
  });

  it('lets tokens of Phi-3 swallow the white space behind them', async () => {
    const tokens: MadeToken[] = [['<|user|>', CONTROL]];
    const phi = await made(tokens, [withoutPrefix, named('Phi-3 mini')]);
    expect(phi.encode('<|user|> \n\ta', { parseSpecial: true })).toEqual([id(0), byte('a')]);
    expect(phi.encode('<s>\na', { parseSpecial: true })).toEqual([1, byte('\n'), byte('a')]);
    const other = await made(tokens, [withoutPrefix, named('other')]);
    expect(other.encode('<|user|>\na', { parseSpecial: true })).toEqual([id(0), byte('\n'), byte('a')]);
  });

  it('lets the mask of Jina swallow the white space before it', async () => {
    const pre: [string, Written] = ['tokenizer.ggml.pre', { type: 'string', value: 'jina-v2-code' }];
    const tokenizer = await made([['<mask>', CONTROL]], [withoutPrefix, pre]);
    expect(tokenizer.encode('a \n<mask> b', { parseSpecial: true })).toEqual([
      byte('a'),
      id(0),
      ...SPACE,
      byte('b'),
    ]);
  });
});

describe('SentencePiece', () => {
  it('puts a space in front of text that follows nothing or a special token', async () => {
    const tokenizer = await made([['<own>', USER_DEFINED]]);
    expect(tokenizer.encode('a<own>b')).toEqual([...SPACE, byte('a'), id(0), ...SPACE, byte('b')]);
  });

  it('joins by score, the leftmost of equals first', async () => {
    const equal = await made([['aa', 1, -1]], [withoutPrefix]);
    expect(equal.encode('aaa')).toEqual([id(0), byte('a')]);
    const better = await made(
      [
        ['ab', 1, -2],
        ['bc', 1, -1],
      ],
      [withoutPrefix],
    );
    expect(better.encode('abc')).toEqual([byte('a'), id(1)]);
  });

  it('adds BOS and EOS as the file says', async () => {
    expect((await made([])).encode('', { addSpecial: true })).toEqual([1]);
    const both = await made([], [['tokenizer.ggml.add_eos_token', { type: 'bool', value: true }]]);
    expect(both.encode('', { addSpecial: true })).toEqual([1, 2]);
    const none = await made([], [['tokenizer.ggml.add_bos_token', { type: 'bool', value: false }]]);
    expect(none.encode('', { addSpecial: true })).toEqual([]);
    expect([none.addsBos, none.bosId]).toEqual([false, 1]);
  });

  it('takes a long text in reasonable time', async () => {
    const tokenizer = await made([
      ['aa', 1, -1],
      ['aaaa', 1, -2],
    ]);
    const before = performance.now();
    expect(tokenizer.count('a'.repeat(400_000))).toBe(100_003);
    expect(performance.now() - before).toBeLessThan(30_000);
  });
});

describe('refusals', () => {
  const refused = async (values: [string, Written][]): Promise<string> => {
    const path = join(directory, `${++files}.gguf`);
    writeFileSync(path, writeGguf(values));
    return loadTokenizer(path).then(
      () => 'loaded',
      (error: unknown) => String(error),
    );
  };
  const text = (key: string, value: string): [string, Written] => [
    `tokenizer.ggml.${key}`,
    { type: 'string', value },
  ];
  const tokens: [string, Written] = ['tokenizer.ggml.tokens', { type: 'strings', value: ['a', 'b'] }];
  const merges: [string, Written] = ['tokenizer.ggml.merges', { type: 'strings', value: [] }];

  it.each([
    ['a unigram tokenizer', [text('model', 't5'), tokens], 'kind "t5" (unigram)'],
    ['RWKV', [text('model', 'rwkv'), tokens], 'kind "rwkv"'],
    ['a kind nobody knows', [text('model', 'new'), tokens], 'kind "new"'],
    [
      'a pre-tokenizer nobody knows',
      [text('model', 'gpt2'), text('pre', 'new'), tokens, merges],
      'pre-tokenizer "new"',
    ],
    ['BPE without merges', [text('model', 'gpt2'), tokens], 'has no merges'],
    ['no tokenizer', [['general.name', { type: 'string', value: 'x' }]], 'has no tokenizer in it'],
    ['no tokens', [text('model', 'llama')], 'has no list of tokens'],
    [
      'a value of the wrong type',
      [['tokenizer.ggml.model', { type: 'bool', value: true }]],
      'where a string belongs',
    ],
    [
      'a token twice',
      [text('model', 'llama'), ['tokenizer.ggml.tokens', { type: 'strings', value: ['a', 'b', 'a'] }]],
      'has the token "a" twice (0 and 2)',
    ],
    [
      'too few scores',
      [text('model', 'llama'), tokens, ['tokenizer.ggml.scores', { type: 'float32s', value: [1] }]],
      'has 1 numbers in "tokenizer.ggml.scores" for 2 tokens',
    ],
    [
      'a score that is no number',
      [
        text('model', 'llama'),
        tokens,
        ['tokenizer.ggml.scores', { type: 'float32s', value: [0, Number.NaN] }],
      ],
      'no number as the score of token 1',
    ],
  ] satisfies [string, [string, Written][], string][])('refuses %s by name', async (_, values, expected) => {
    const message = await refused(values);
    expect(message).toMatch(/^TokenizerError: /);
    expect(message).toContain(expected);
    expect(message).toContain('.gguf: ');
  });

  it('says which byte a vocabulary has no token for', async () => {
    const path = join(directory, `${++files}.gguf`);
    writeFileSync(path, writeGguf([text('model', 'llama'), tokens, withoutPrefix]));
    const tokenizer = await loadTokenizer(path);
    expect(tokenizer.encode('ab')).toEqual([0, 1]);
    expect(() => tokenizer.encode('abc')).toThrow('has no token for the byte 0x63');
  });
});
