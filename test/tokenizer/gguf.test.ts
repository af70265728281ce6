import { openSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readGgufMetadata } from '../../src/tokenizer/gguf.ts';
import { isTokenizerKey } from '../../src/tokenizer/gguf-keys.ts';
import { loadTokenizer, TokenizerError } from '../../src/tokenizer/index.ts';
import { shownString } from '../../src/tokenizer/packed-strings.ts';
import { FIRST_MADE_ID, spmValues, type Written, writeGguf } from './gguf-writer.ts';
import { temporaryDirectory } from './vocabularies.ts';

const directory = temporaryDirectory();
let files = 0;

function saved(bytes: Uint8Array): string {
  const path = join(directory, `${++files}.gguf`);
  writeFileSync(path, bytes);
  return path;
}

function errorOf(bytes: Uint8Array): string {
  try {
    readGgufMetadata(saved(bytes), () => true);
  } catch (error) {
    expect(error).toBeInstanceOf(TokenizerError);
    return error instanceof Error ? error.message : '';
  }
  throw new Error('was read without complaint');
}

/** A length or count of eight bytes. */
function size(value: bigint): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(value);
  return bytes;
}

const everyType: (readonly [string, Written])[] = [
  ['a', { type: 'string', value: 'text é' }],
  ['b', { type: 'uint32', value: 7 }],
  ['c', { type: 'bool', value: true }],
  ['d', { type: 'strings', value: ['one', '', 'zwölf'] }],
  ['e', { type: 'int32s', value: [-1, 2] }],
  ['f', { type: 'float32s', value: [0.5] }],
];

describe('reading the metadata of a GGUF file', () => {
  it.each([
    ['version 2', { version: 2 }],
    ['version 3', { version: 3 }],
    ['the other byte order', { bigEndian: true }],
  ])('reads every type: %s', (_, options) => {
    const { values } = readGgufMetadata(saved(writeGguf(everyType, options)), () => true);
    expect(values.get('a')).toEqual({ kind: 'string', value: 'text é' });
    expect(values.get('b')).toEqual({ kind: 'number', value: 7 });
    expect(values.get('c')).toEqual({ kind: 'boolean', value: true });
    const strings = values.get('d');
    if (strings?.kind !== 'strings') throw new Error('no strings');
    expect([0, 1, 2].map((index) => shownString(strings.value, index))).toEqual(['one', '', 'zwölf']);
    expect(values.get('e')).toEqual({ kind: 'numbers', element: 'int32', value: Float64Array.of(-1, 2) });
    expect(values.get('f')).toEqual({ kind: 'numbers', element: 'float32', value: Float64Array.of(0.5) });
  });

  it('keeps only what is wanted', () => {
    const { values } = readGgufMetadata(saved(writeGguf(everyType)), (key) => key === 'f');
    expect([...values.keys()]).toEqual(['f']);
  });

  it('opens a file of 100 GB in a moment', async () => {
    const path = saved(writeGguf(spmValues([['hi', 1]])));
    truncateSync(path, 100 * 2 ** 30);
    const before = performance.now();
    const tokenizer = await loadTokenizer(path);
    expect(performance.now() - before).toBeLessThan(10_000);
    expect(tokenizer.describe).toBe(`gguf: llama SPM, ${FIRST_MADE_ID + 1} tokens`);
  });

  const wanted = (number: number, bytes: Uint8Array) =>
    writeGguf([['tokenizer.ggml.tokens', { type: 'raw', number, bytes }]]);
  const arrayHead = (element: number, count: bigint) =>
    Buffer.concat([Buffer.of(element, 0, 0, 0), size(count)]);

  it.each([
    ['another magic number', Buffer.from('GGML0000000000000000'), 'is not a GGUF file'],
    ['nothing', Buffer.alloc(0), 'is cut off'],
    ['a future version', writeGguf([], { version: 9 }), 'is GGUF version 9'],
    ['the first version', writeGguf([], { version: 1 }), 'is GGUF version 1'],
    ['more keys than there are', writeGguf([], { keys: 3 }), 'is cut off'],
    ['absurdly many keys', writeGguf([], { keys: 2 ** 40 }), 'claims 1099511627776 metadata keys'],
    [
      'a key twice',
      writeGguf([everyType[1], everyType[1]].filter((pair) => pair !== undefined)),
      'has the key "b" twice',
    ],
    ['an unknown type', wanted(77, Buffer.alloc(8)), 'has the unknown value type 77'],
    ['an unknown element type', wanted(9, arrayHead(77, 1n)), 'has the unknown value type 77'],
    ['an array of arrays', wanted(9, arrayHead(9, 1n)), 'has an array of arrays'],
    ['a string longer than the file', wanted(8, size(2n ** 62n)), 'is cut off'],
    ['a string of 2^64-1 bytes', wanted(8, size(2n ** 64n - 1n)), 'is cut off'],
    ['an array of too many strings', wanted(9, arrayHead(8, 2n ** 62n)), 'is cut off'],
    ['an array of too many numbers', wanted(9, arrayHead(6, 2n ** 63n)), 'is cut off'],
    [
      'a string in an array that never ends',
      wanted(9, Buffer.concat([arrayHead(8, 1n), size(2n ** 40n)])),
      'is cut off',
    ],
    [
      'an array that stops half way',
      wanted(9, Buffer.concat([arrayHead(8, 2n), size(1n), Buffer.from('x')])),
      'is cut off',
    ],
  ])('refuses %s', (_, bytes, expected) => {
    const message = errorOf(bytes);
    expect(message).toContain(expected);
    expect(message).not.toContain('\n');
  });

  const holes = (bytes: Uint8Array): string => {
    const path = saved(bytes);
    truncateSync(path, 100 * 2 ** 30);
    return path;
  };
  const skipped = (key: string, number: number, bytes: Uint8Array) =>
    [key, { type: 'raw', number, bytes }] as const;

  it.each([
    ['a list of too many tokens', wanted(9, arrayHead(8, 2n ** 23n)), 'claims 8388608 strings'],
    [
      'too many strings that are stepped over',
      writeGguf([skipped('x', 9, arrayHead(8, 2n ** 24n))]),
      'claims 16777216 strings',
    ],
    [
      'a token of a gigabyte',
      wanted(9, Buffer.concat([arrayHead(8, 1n), size(2n ** 30n)])),
      'claims over 268435456 bytes',
    ],
    [
      'a list of too many scores',
      writeGguf([skipped('tokenizer.ggml.scores', 9, arrayHead(6, 2n ** 24n))]),
      'claims 16777216 numbers',
    ],
    [
      'a template of 64 MB',
      writeGguf([skipped('tokenizer.chat_template', 8, size(2n ** 26n))]),
      'claims 67108864 bytes',
    ],
    [
      'a gigabyte to step over',
      writeGguf([skipped('x', 8, size(2n ** 30n))], { keys: 3 }),
      'has over 536870912 bytes of metadata',
    ],
  ])('refuses a file of 100 GB with %s at once', async (_, bytes, expected) => {
    const before = performance.now();
    await expect(loadTokenizer(holes(bytes))).rejects.toThrow(expected);
    expect(performance.now() - before).toBeLessThan(10_000);
  });

  it('does not read what no vocabulary is made of', async () => {
    const values = spmValues(
      [['hi', 1]],
      [skipped('tokenizer.ggml.new', 9, Buffer.concat([arrayHead(0, 3n), Buffer.alloc(3)]))],
    );
    expect([...readGgufMetadata(saved(writeGguf(values)), isTokenizerKey).values.keys()]).toEqual([
      'tokenizer.ggml.model',
      'tokenizer.ggml.tokens',
      'tokenizer.ggml.token_type',
      'tokenizer.ggml.scores',
    ]);
  });

  it('allocates nothing on the word of a small file', () => {
    const before = process.memoryUsage().arrayBuffers;
    for (let round = 0; round < 20; round++)
      errorOf(wanted(9, Buffer.concat([arrayHead(8, 10n ** 8n), Buffer.alloc(100)])));
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(50e6);
  });

  it('does not let a file write on the terminal', () => {
    const evil = writeGguf([['\u001b[2J\nfoo', { type: 'raw', number: 99, bytes: Buffer.alloc(4) }]]);
    expect(errorOf(evil)).not.toMatch(/[\x00-\x1f]/);
  });

  it('says that a file, a directory or a device is the wrong thing', async () => {
    await expect(loadTokenizer(join(directory, 'missing.gguf'))).rejects.toThrow('is not there');
    await expect(loadTokenizer('/dev/null')).rejects.toThrow('is not a regular file');
    await expect(loadTokenizer(directory)).rejects.toThrow('tokenizer.json: is not there');
  });
});

describe('a damaged file', () => {
  const whole = writeGguf(
    spmValues(
      [
        ['▁hi', 1, -1],
        ['constructor', 4],
        ['<|im_end|>', 1],
      ],
      [
        ['tokenizer.chat_template', { type: 'string', value: '{{ messages[0].content }}' }],
        ['tokenizer.ggml.bos_token_id', { type: 'uint32', value: 1 }],
        ['tokenizer.ggml.add_bos_token', { type: 'bool', value: true }],
        ['general.name', { type: 'string', value: 'phi-3' }],
      ],
    ),
  );

  const survives = async (bytes: Uint8Array): Promise<void> => {
    const path = saved(bytes);
    try {
      const tokenizer = await loadTokenizer(path);
      tokenizer.encode('hi constructor <|im_end|> 🦙', { parseSpecial: true, addSpecial: true });
      tokenizer.chat?.count([{ role: 'user', content: 'hi' }]);
    } catch (error) {
      if (!(error instanceof TokenizerError)) throw error;
    }
  };

  it('is a TokenizerError or still a tokenizer wherever it is cut off', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(whole.length - 1), (length) => survives(whole.subarray(0, length))),
      {
        numRuns: 150,
      },
    );
  });

  it('is a TokenizerError or still a tokenizer whatever bytes are changed', async () => {
    const change = fc.record({ at: fc.nat(whole.length - 1), byte: fc.nat(255) });
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 6 }), async (changes) => {
        const bytes = Buffer.from(whole);
        for (const { at, byte } of changes) bytes[at] = byte;
        await survives(bytes);
      }),
      { numRuns: 250 },
    );
  });

  it('leaves no file open', async () => {
    const path = saved(whole.subarray(0, 40));
    const first = openSync(path, 'r');
    for (let round = 0; round < 50; round++)
      await expect(loadTokenizer(path)).rejects.toThrow(TokenizerError);
    expect(openSync(path, 'r') - first).toBeLessThan(10);
  });
});
